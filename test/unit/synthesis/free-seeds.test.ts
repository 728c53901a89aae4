import { expect, test } from 'vitest';
import { candidateSeeds, type DatasetPlan } from '../../../src/synthesis/dataset-plan.ts';
import { inFreeSeeds, spanOfPlan } from '../../../src/synthesis/free-seeds.ts';

const plan: DatasetPlan = {
  generator: 'g',
  version: 'dg-0',
  psi: 1,
  cutoff: null,
  seedStart: 100,
  count: 9,
  filter: 0.1,
  shardSize: 4,
  skippedSeeds: [103, 131],
};
/** Seeds that the plan tries when it starts after those runs. */
const tried = (...taken: [first: number, last: number][]) => {
  const free = inFreeSeeds(
    plan,
    taken.map(([first, last]) => ({ first, last })),
  );
  return candidateSeeds(free, 0, 10);
};
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('a plan covers the seeds of all its candidates, of five times as many where rules may refuse some', () => {
  expect(spanOfPlan(plan)).toEqual({ first: 100, last: 110 });
  expect(spanOfPlan({ ...plan, rules: { leastPixels: 4 } })).toEqual({ first: 100, last: 151 });
  expect(spanOfPlan({ ...plan, seedStart: 2 ** 32, skippedSeeds: [] })).toBeUndefined();
});

test('candidates lie in no run that is taken, and keep passing over skipped seeds', () => {
  expect(inFreeSeeds(plan, [])).toBe(plan);
  expect(tried([0, 99], [111, 200])).toEqual([100, 101, 102, ...range(104, 110)]);
  expect(tried([100, 100])).toEqual([101, 102, ...range(104, 111)]);
  // One that ends in the other, given in the wrong order; then a gap that is too small by one seed.
  expect(tried([133, 140], [90, 122], [110, 112])).toEqual(range(141, 150));
  expect(tried([134, 140], [90, 122])).toEqual([...range(123, 130), 132, 133]);
  const last = inFreeSeeds(plan, [{ first: 100, last: 120 }]);
  expect(last).toEqual({ ...plan, seedStart: 121, skippedSeeds: [131] });
});

test('what is free is the same however the runs are cut, and never meets one', () => {
  const whole = tried([100, 400]);
  expect(tried([100, 200], [150, 400])).toEqual(whole);
  expect(tried(...range(100, 400).map((seed): [number, number] => [seed, seed]))).toEqual(whole);
  expect(whole).toEqual(range(401, 410));
});
