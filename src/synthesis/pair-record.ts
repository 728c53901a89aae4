import type { PairMeasures } from './rules.ts';
import type { Candidate } from './uncertainty-filter.ts';

/** What is kept of each candidate pair. */
export interface PairRecord extends Candidate, PairMeasures {
  /** null: the generator has none. */
  readonly class: number | null;
  /** 0 … 1, low = uncertain. */
  readonly score: number;
}
