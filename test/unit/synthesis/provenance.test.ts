import { expect, test } from 'vitest';
import type { PairRecord } from '../../../src/synthesis/pair-record.ts';
import { type DatasetFacts, provenanceText } from '../../../src/synthesis/provenance.ts';

const facts = { dataset: 'd', title: 'A "title"', labels: ['a'], generator: {}, parts: [] } as unknown as DatasetFacts;
const pair = (seed: number): PairRecord => ({ seed, js: 0.1, score: 0.9, class: null, areas: [3] });

async function* all<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

test('dataset.json is JSON, whatever the number of pairs', async () => {
  const text = async (...lists: [AsyncGenerator<PairRecord>, AsyncGenerator<PairRecord>]) =>
    JSON.parse((await Array.fromAsync(provenanceText(facts, ...lists))).join(''));
  expect(await text(all(), all())).toEqual({ ...facts, pairs: [], dropped: [] });
  expect(await text(all(pair(1), pair(2)), all(pair(3)))).toEqual({
    ...facts,
    pairs: [pair(1), pair(2)],
    dropped: [{ seed: 3, js: 0.1 }],
  });
  const pointed = { ...pair(4), keypoints: [{ keypoint: 1, x: 2.5, y: 3.125, score: 0.75, spread: 0.5 }] };
  expect(await text(all(pointed), all(pointed))).toMatchObject({ pairs: [pointed], dropped: [{ seed: 4, js: 0.1 }] });
});
