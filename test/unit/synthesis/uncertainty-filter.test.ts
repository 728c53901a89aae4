import { expect, test } from 'vitest';
import { uncertaintyFilter } from '../../../src/synthesis/uncertainty-filter.ts';

const pairs = (...js: number[]) => js.map((value, seed) => ({ seed, js: value }));

test('drops the greatest JS over the whole dataset and keeps seed order', () => {
  const { kept, dropped } = uncertaintyFilter(pairs(0.3, 0.1, 0.9, 0.2, 0.8), 3);
  expect(kept.map((pair) => pair.seed)).toEqual([0, 1, 3]);
  expect(dropped.map((pair) => pair.seed)).toEqual([2, 4]);
});

test('of equal JS the greater seed is dropped', () => {
  expect(uncertaintyFilter(pairs(0.5, 0.5, 0.5), 2).dropped.map((pair) => pair.seed)).toEqual([2]);
});

test('with too few candidates all are kept', () => {
  expect(uncertaintyFilter(pairs(0.5), 2)).toEqual({ kept: pairs(0.5), dropped: [] });
});
