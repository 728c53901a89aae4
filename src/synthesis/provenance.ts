import type { GeneratorCard } from '../stylegan/generator-card.ts';
import type { DatasetPlan } from './dataset-plan.ts';
import type { PairMeasures } from './rules.ts';
import type { Candidate } from './uncertainty-filter.ts';

/** What is kept of each candidate pair. */
export interface PairRecord extends Candidate, PairMeasures {
  /** null: the generator has none. */
  readonly class: number | null;
  /** 0 … 1, low = uncertain. */
  readonly score: number;
}

/** `dataset.json`: where a dataset comes from, and what is in it. Together with the generator it is enough to make it again. */
export interface DatasetProvenance {
  readonly dataset: string;
  readonly title: string;
  readonly plan: DatasetPlan;
  /** Value of a mask's pixel → label. */
  readonly labels: readonly string[];
  readonly generator: Pick<GeneratorCard, 'name' | 'id' | 'family' | 'source' | 'licence' | 'commercialUse' | 'note'>;
  readonly pairs: readonly PairRecord[];
  /** Candidates that the filter dropped as most uncertain. */
  readonly dropped: readonly Candidate[];
}

export function datasetProvenance(input: {
  dataset: string;
  title: string;
  plan: DatasetPlan;
  labels: readonly string[];
  card: GeneratorCard;
  kept: readonly PairRecord[];
  dropped: readonly PairRecord[];
}): DatasetProvenance {
  const { name, id, family, source, licence, commercialUse, note } = input.card;
  return {
    dataset: input.dataset,
    title: input.title,
    plan: input.plan,
    labels: input.labels,
    generator: { name, id, family, source, licence, commercialUse, note },
    pairs: input.kept,
    dropped: input.dropped.map(({ seed, js }) => ({ seed, js })),
  };
}
