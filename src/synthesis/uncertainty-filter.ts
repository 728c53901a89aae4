/** A candidate pair: its seed and the ensemble's image uncertainty (mean of the greatest tenth of pixel JS, nats). */
export interface Candidate {
  readonly seed: number;
  readonly js: number;
}

/**
 * The paper's filter (section 3.3): of all candidates the `count` most certain are kept; those with the greatest (JS, seed) are dropped.
 * Both lists are in seed order. Fewer candidates than `count`: all are kept.
 */
export function uncertaintyFilter<T extends Candidate>(candidates: readonly T[], count: number): { kept: T[]; dropped: T[] } {
  const byCertainty = candidates.toSorted((a, b) => a.js - b.js || a.seed - b.seed);
  const bySeed = (a: Candidate, b: Candidate) => a.seed - b.seed;
  return { kept: byCertainty.slice(0, count).sort(bySeed), dropped: byCertainty.slice(count).sort(bySeed) };
}
