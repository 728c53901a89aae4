import { expect, test } from 'vitest';
import { SeedSet } from '../../../src/synthesis/seed-set.ts';

test('a seed is taken once, and only when it is there', () => {
  const set = new SeedSet({ first: 4_294_967_280, last: 4_294_967_295 });
  for (const seed of [4_294_967_280, 4_294_967_287, 4_294_967_288, 4_294_967_295]) set.add(seed);
  const taken = Array.from({ length: 40 }, (_, i) => 4_294_967_265 + i).filter((seed) => set.take(seed));
  expect(taken).toEqual([4_294_967_280, 4_294_967_287, 4_294_967_288, 4_294_967_295]);
  expect(taken.some((seed) => set.take(seed))).toBe(false);
});
