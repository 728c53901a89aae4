import { expect, test } from 'vitest';
import {
  candidateCount,
  candidateLimit,
  checkSeeds,
  type DatasetPlan,
  planId,
  shardSeeds,
  shardSize,
  shardsFor,
} from '../../../src/synthesis/dataset-plan.ts';

const plan: DatasetPlan = {
  generator: 'g',
  version: 'dg-0',
  psi: 1,
  cutoff: null,
  seedStart: 10,
  count: 9,
  filter: 0.1,
  shardSize: 4,
  skippedSeeds: [11, 14],
};

test('M = ceil(count / (1 - filter)), free of rounding for every per cent', () => {
  expect([
    candidateCount(50, 0.1),
    candidateCount(50, 0),
    candidateCount(1, 0.1),
    candidateCount(9, 0.1),
    candidateCount(10, 0.5),
  ]).toEqual([56, 50, 2, 10, 20]);
  for (let percent = 0; percent <= 50; percent++) {
    for (let k = 1; k <= 40; k++) expect(candidateCount(k * (100 - percent), percent / 100)).toBe(k * 100);
  }
});

test('shards cover the shortest run of seeds, without the skipped ones', () => {
  expect(shardsFor(plan, 10)).toBe(3);
  expect([0, 1, 2].map((index) => shardSeeds(plan, index))).toEqual([
    [10, 12, 13, 15],
    [16, 17, 18, 19],
    [20, 21],
  ]);
});

test('the seeds of a shard are those of counting one by one', () => {
  const skippedSeeds = [0, 3, 4, 5, 9, 17, 18, 30, 31, 32, 33];
  const crowded = { ...plan, seedStart: 0, count: 40, filter: 0, shardSize: 7, skippedSeeds };
  const counted = Array.from({ length: 60 }, (_, seed) => seed).filter((seed) => !skippedSeeds.includes(seed));
  const shards = Array.from({ length: shardsFor(crowded, 40) }, (_, index) => shardSeeds(crowded, index));
  expect(shards.map(({ length }) => length)).toEqual([7, 7, 7, 7, 7, 5]);
  expect(shards.flat()).toEqual(counted.slice(0, 40));
});

test('where rules refuse pairs, up to 5 M candidates may be tried, in shards whose seeds do not depend on how many are', () => {
  const ruled = { ...plan, rules: { leastPixels: 4 } };
  expect([candidateLimit(plan), candidateLimit(ruled)]).toEqual([10, 50]);
  expect([shardsFor(ruled, 10), shardsFor(ruled, 11), shardsFor(ruled, 13), shardsFor(ruled, 1000)]).toEqual([3, 3, 4, 13]);
  expect(shardSeeds(ruled, 2)).toEqual([20, 21, 22, 23]);
  expect(shardSeeds(ruled, 12)).toHaveLength(2);
});

test('a run past 2^32 - 1 is refused', () => {
  const last = { ...plan, seedStart: 2 ** 32 - 10, skippedSeeds: [] };
  checkSeeds(last);
  expect(shardSeeds(last, 2).at(-1)).toBe(2 ** 32 - 1);
  expect(candidateLimit({ ...last, rules: { leastPixels: 4 } })).toBe(10);
  expect(() => checkSeeds({ ...last, seedStart: 2 ** 32 - 9 })).toThrow('Fewer than 9 seeds are left');
  expect(() => checkSeeds({ ...last, skippedSeeds: [2 ** 32 - 3] })).toThrow('Fewer than 9 seeds are left');
});

test('a shard is about a minute of work', () => {
  expect([shardSize(0.3), shardSize(0.01), shardSize(200)]).toEqual([200, 500, 1]);
});

test('the id follows every field and not their order', () => {
  const reordered = Object.fromEntries(Object.entries(plan).reverse()) as unknown as DatasetPlan;
  expect(planId(reordered)).toBe(planId(plan));
  for (const key of Object.keys(plan)) expect(planId({ ...plan, [key]: 'other' })).not.toBe(planId(plan));
});
