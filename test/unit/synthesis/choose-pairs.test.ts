import { describe, expect, test } from 'vitest';
import { type Choice, fateOf, PairChooser } from '../../../src/synthesis/choose-pairs.ts';
import { candidateLimit, candidateSeeds, type DatasetPlan, shardSeeds, shardsFor } from '../../../src/synthesis/dataset-plan.ts';
import type { PairRecord } from '../../../src/synthesis/pair-record.ts';

const plan: DatasetPlan = {
  generator: 'g',
  version: 'dg-0',
  psi: 1,
  cutoff: null,
  seedStart: 100,
  count: 8,
  filter: 0.2,
  shardSize: 3,
  skippedSeeds: [],
};
const ruled: DatasetPlan = { ...plan, rules: { leastPixels: 10, present: [1] } };

/** JS is a scrambled function of the seed; the label that the rule wants is missing where `shown` says so. */
const record = (seed: number, shown = true): PairRecord => ({
  seed,
  js: ((seed * 61) % 97) / 97,
  score: 0.5,
  class: null,
  areas: [100, shown ? 40 : 3],
});

function choose(of: DatasetPlan, records: readonly PairRecord[]): Choice {
  const chooser = new PairChooser(of);
  for (const one of records) chooser.add(one);
  return chooser.choice();
}

/** By sorting, as the definition says. */
function byDefinition(of: DatasetPlan, records: readonly PairRecord[]): number[] {
  const wanted = Math.ceil(of.count / (1 - of.filter));
  const passed = records.filter(({ areas }) => of.rules === undefined || areas[1]! >= 10).slice(0, wanted);
  const keep = passed.length === wanted ? of.count : Math.floor(passed.length * (1 - of.filter));
  const kept = passed.toSorted((a, b) => a.js - b.js || a.seed - b.seed).slice(0, keep);
  return kept.map(({ seed }) => seed).sort((a, b) => a - b);
}

const keptSeeds = (of: DatasetPlan, records: readonly PairRecord[], choice: Choice) =>
  records.filter((one) => fateOf(one, of, choice) === 'kept').map(({ seed }) => seed);

test('without rules: of M candidates the M - count most uncertain are dropped', () => {
  const records = candidateSeeds(plan, 0, 12).map((seed) => record(seed));
  const choice = choose(plan, records);
  expect(choice).toMatchObject({ tried: 10, passed: 10, refused: {}, kept: 8, dropped: 2, lastSeed: 109 });
  expect(keptSeeds(plan, records, choice)).toEqual(byDefinition(plan, records));
  expect(records.slice(10).map((one) => fateOf(one, plan, choice))).toEqual(['unneeded', 'unneeded']);
});

test('with rules: the shortest run of which M pass', () => {
  const records = candidateSeeds(ruled, 0, 50).map((seed) => record(seed, seed % 3 !== 0));
  const choice = choose(ruled, records);
  // 100, 101, (102), 103 … : 10 pass among the first 14.
  expect(choice).toMatchObject({ tried: 14, passed: 10, refused: { present: 4 }, kept: 8, dropped: 2, lastSeed: 113 });
  expect(keptSeeds(ruled, records, choice)).toEqual(byDefinition(ruled, records));
  expect(records.filter((one) => fateOf(one, ruled, choice) === 'refused').map(({ seed }) => seed)).toEqual([102, 105, 108, 111]);
});

test('too few pass: the same share of them is dropped, and it says how many were tried', () => {
  const records = candidateSeeds(ruled, 0, candidateLimit(ruled)).map((seed) => record(seed, seed % 10 === 0));
  const choice = choose(ruled, records);
  expect(choice).toMatchObject({ tried: 50, passed: 5, refused: { present: 45 }, kept: 4, dropped: 1 });
  expect(keptSeeds(ruled, records, choice)).toEqual(byDefinition(ruled, records));
  expect(
    choose(
      ruled,
      records.map(({ seed }) => record(seed, false)),
    ),
  ).toMatchObject({ passed: 0, kept: 0, cut: null });
});

describe('shards in waves', () => {
  /** As synthesis does it: as many shards as the outlook asks for, or more, until it asks for no more. */
  function inWaves(of: DatasetPlan, shown: (seed: number) => boolean, more: number): { choice: Choice; shards: number } {
    const chooser = new PairChooser(of);
    let added = 0;
    for (let shards = shardsFor(of, chooser.outlook); shards > added; shards = shardsFor(of, chooser.outlook)) {
      const wave = Math.min(shards + more, shardsFor(of, 1e9));
      for (; added < wave; added++) for (const seed of shardSeeds(of, added)) chooser.add(record(seed, shown(seed)));
    }
    return { choice: chooser.choice(), shards: added };
  }

  test.each([1, 2, 3, 7, 10])('the outcome is that of the candidates, not of the waves: one in %i passes', (n) => {
    const shown = (seed: number) => seed % n === 0;
    const all = candidateSeeds(ruled, 0, candidateLimit(ruled)).map((seed) => record(seed, shown(seed)));
    for (const more of [0, 1, 5]) {
      const { choice, shards } = inWaves(ruled, shown, more);
      expect(choice).toEqual(choose(ruled, all));
      expect(keptSeeds(ruled, all, choice)).toEqual(byDefinition(ruled, all));
      expect(shards * ruled.shardSize).toBeGreaterThanOrEqual(choice.tried);
    }
  });

  test('no more than needed is made where everything passes', () => {
    expect(inWaves(ruled, () => true, 0).shards).toBe(4);
  });
});
