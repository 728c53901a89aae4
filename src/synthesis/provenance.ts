import type { GeneratorCard } from '../stylegan/generator-card.ts';
import type { Choice } from './choose-pairs.ts';
import type { DatasetPlan } from './dataset-plan.ts';
import type { PairRecord } from './pair-record.ts';
import type { Candidate } from './uncertainty-filter.ts';

/** What one order, or one extension, added to a dataset. */
export interface PartFacts extends Omit<Choice, 'cut' | 'lastSeed'> {
  readonly plan: DatasetPlan;
}

/** Where a dataset comes from. Together with the generator and the version it is enough to make it again. */
export interface DatasetFacts {
  readonly dataset: string;
  readonly title: string;
  /** Value of a mask's pixel → label. */
  readonly labels: readonly string[];
  /** By the index that a pair's keypoints have; their places are in pixels of the mask. Left out where there are none. */
  readonly keypoints?: readonly string[];
  readonly generator: Pick<GeneratorCard, 'name' | 'id' | 'family' | 'source' | 'licence' | 'commercialUse' | 'note'>;
  readonly parts: readonly PartFacts[];
}

/** `dataset.json` */
export interface DatasetProvenance extends DatasetFacts {
  readonly pairs: readonly PairRecord[];
  /** Candidates that the filter dropped as most uncertain. */
  readonly dropped: readonly Candidate[];
}

export function datasetFacts(input: {
  dataset: string;
  title: string;
  labels: readonly string[];
  keypoints?: readonly string[] | undefined;
  card: GeneratorCard;
  parts: readonly { readonly plan: DatasetPlan; readonly choice: Choice }[];
}): DatasetFacts {
  const { dataset, title, labels, keypoints, card, parts } = input;
  const { name, id, family, source, licence, commercialUse, note } = card;
  return {
    dataset,
    title,
    labels,
    ...(keypoints === undefined ? {} : { keypoints }),
    generator: { name, id, family, source, licence, commercialUse, note },
    parts: parts.map(({ plan, choice: { cut: _, lastSeed: __, ...counts } }) => ({ plan, ...counts })),
  };
}

/** `dataset.json` piece by piece, one pair a line: a dataset may be larger than memory. */
export async function* provenanceText(
  facts: DatasetFacts,
  kept: AsyncIterable<PairRecord>,
  dropped: AsyncIterable<Candidate>,
): AsyncGenerator<string> {
  yield JSON.stringify(facts, null, 1).slice(0, -2);
  for (const [name, records] of [
    ['pairs', kept],
    ['dropped', dropped],
  ] as const) {
    yield `,\n "${name}": [`;
    let separator = '\n  ';
    for await (const record of records) {
      yield separator + JSON.stringify(name === 'pairs' ? record : { seed: record.seed, js: record.js });
      separator = ',\n  ';
    }
    yield '\n ]';
  }
  yield '\n}\n';
}
