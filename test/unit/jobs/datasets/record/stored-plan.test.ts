import { expect, test } from 'vitest';
import { choiceOf, planOf, planOfPart } from '../../../../../src/jobs/datasets/record/stored-plan.ts';
import { planId } from '../../../../../src/synthesis/dataset-plan.ts';

/** As the first release wrote it: without classes, rules and ignoreAbove. */
const FIRST = {
  psi: 0.7,
  count: 20,
  cutoff: null,
  filter: 0.1,
  version: 'dg-0123456789ab',
  generator: 'g',
  seedStart: 1_000_000,
  shardSize: 150,
  skippedSeeds: [1_000_003],
};
const part = (plan: object) => ({ dataset_id: 'd', index: 1, plan: { ...plan } });

test('plans of every release are read, and keep their id', () => {
  const later = {
    ...FIRST,
    classes: [0, 2],
    ignoreAbove: 0.3,
    rules: {
      leastPixels: 4,
      present: [1],
      visible: [0],
      areas: [{ label: 1, least: 0.1, most: 0.9 }],
      pieces: [{ label: 1, most: 2 }],
      nearest: 1.5,
    },
  };
  for (const plan of [FIRST, later, { ...later, classes: 'all' }, { ...FIRST, ofANewerRelease: 1 }]) {
    expect(planOf({ id: 'd', plan })).toBe(plan);
    expect(planId(planOfPart(part(plan)))).toBe(planId(plan as never));
  }
  expect(planId(planOf({ id: 'd', plan: FIRST }))).toBe('348ba953f8ebf8f4');
});

test('a plan that is damaged is named', () => {
  const { seedStart: _, ...damaged } = FIRST;
  expect(() => planOf({ id: 'd', plan: damaged })).toThrow(/the plan of dataset d .*: seedStart: /);
  expect(() => planOfPart(part({ ...FIRST, skippedSeeds: ['7'] }))).toThrow(/part 1 of dataset d .*: skippedSeeds\.0: /);
});

test('a choice is null until it is made, and named when it is damaged', () => {
  const choice = { tried: 9, passed: 8, refused: { areas: 1 }, kept: 7, dropped: 1, lastSeed: 5, cut: { js: 0.1, seed: 3 } };
  const stored = (value: object | null) => ({ dataset_id: 'd', index: 0, choice: value as null });
  expect(choiceOf(stored(null))).toBeNull();
  expect(choiceOf(stored(choice))).toBe(choice);
  expect(choiceOf(stored({ ...choice, refused: {}, cut: null }))).toMatchObject({ cut: null });
  expect(() => choiceOf(stored({ ...choice, lastSeed: undefined }))).toThrow(/the choice of part 0 of dataset d .*: lastSeed: /);
});
