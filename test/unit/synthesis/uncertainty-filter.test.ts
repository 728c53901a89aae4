import { expect, test } from 'vitest';
import { isWithin, uncertaintyCut } from '../../../src/synthesis/uncertainty-filter.ts';

/** Seeds that are kept, of pairs with seeds 0, 1, 2 … */
function kept(js: readonly number[], count: number): number[] {
  const cut = uncertaintyCut(js, [...js.keys()], count);
  return [...js.keys()].filter((seed) => isWithin({ seed, js: js[seed]! }, cut));
}

test('drops the greatest JS over the whole dataset', () => {
  expect(kept([0.3, 0.1, 0.9, 0.2, 0.8], 3)).toEqual([0, 1, 3]);
});

test('of equal JS the greater seed is dropped', () => {
  expect(kept([0.5, 0.5, 0.5], 2)).toEqual([0, 1]);
  expect(kept([0.5, 0.2, 0.5, 0.5, 0.1, 0.9], 4)).toEqual([0, 1, 2, 4]);
});

test('with too few candidates all are kept, with none none', () => {
  expect(kept([0.5, 0.4], 3)).toEqual([0, 1]);
  expect([kept([], 3), kept([0.5], 0)]).toEqual([[], []]);
});

test('agrees with sorting by (JS, seed)', () => {
  const js = Array.from({ length: 200 }, (_, seed) => ((seed * 37) % 23) / 23);
  const sorted = [...js.keys()].sort((a, b) => js[a]! - js[b]! || a - b);
  for (const count of [1, 50, 131, 199, 200]) expect(kept(js, count)).toEqual(sorted.slice(0, count).sort((a, b) => a - b));
});
