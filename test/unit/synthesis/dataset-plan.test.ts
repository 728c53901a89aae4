import { expect, test } from 'vitest';
import { candidateCount, type DatasetPlan, planId, shardSize, shards } from '../../../src/synthesis/dataset-plan.ts';

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
  expect(shards(plan)).toEqual([
    { index: 0, seeds: [10, 12, 13, 15] },
    { index: 1, seeds: [16, 17, 18, 19] },
    { index: 2, seeds: [20, 21] },
  ]);
});

test('a run past 2^32 - 1 is refused', () => {
  expect(
    shards({ ...plan, seedStart: 2 ** 32 - 10, skippedSeeds: [] })
      .at(-1)
      ?.seeds.at(-1),
  ).toBe(2 ** 32 - 1);
  expect(() => shards({ ...plan, seedStart: 2 ** 32 - 9, skippedSeeds: [] })).toThrow('fewer than 9 seeds left');
});

test('a shard is about a minute of work', () => {
  expect([shardSize(0.3), shardSize(0.01), shardSize(200)]).toEqual([200, 500, 1]);
});

test('the id follows every field and not their order', () => {
  const reordered = Object.fromEntries(Object.entries(plan).reverse()) as unknown as DatasetPlan;
  expect(planId(reordered)).toBe(planId(plan));
  for (const key of Object.keys(plan)) expect(planId({ ...plan, [key]: 'other' })).not.toBe(planId(plan));
});
