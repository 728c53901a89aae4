/** A candidate pair: its seed and the ensemble's image uncertainty (mean of the greatest tenth of pixel JS, nats). */
export interface Candidate {
  readonly seed: number;
  readonly js: number;
}

/**
 * The paper's filter (section 3.3): of all candidates the `count` most certain are kept; those with the greatest (JS, seed) are dropped.
 * Gives the most uncertain candidate that is kept, null when none is. A JS and a seed for each candidate, seeds ascending.
 */
export function uncertaintyCut(js: readonly number[], seeds: readonly number[], count: number): Candidate | null {
  const sorted = new Float64Array(js).sort();
  const cut = sorted[Math.min(count, js.length) - 1];
  if (cut === undefined) return null;
  // Of those that are as uncertain as the last one, the first ones are kept.
  let room = Math.min(count, js.length) - sorted.indexOf(cut);
  const last = js.findIndex((value) => value === cut && --room === 0);
  return { js: cut, seed: seeds[last]! };
}

/** Whether a candidate is kept by a cut. */
export function isWithin({ js, seed }: Candidate, cut: Candidate | null): boolean {
  return cut !== null && (js < cut.js || (js === cut.js && seed <= cut.seed));
}
