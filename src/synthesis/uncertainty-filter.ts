/** A candidate pair: its seed and the ensemble's image uncertainty (mean of the largest tenth of pixel JS, nats). */
export interface Candidate {
  readonly seed: number;
  readonly js: number;
}

/**
 * The paper's filter (section 3.3): of all candidates the `count` most certain are kept; those with the largest (JS, seed) are dropped.
 * Gives the most uncertain candidate that is kept, null when none is. A JS and a seed for each candidate, seeds ascending.
 */
export function uncertaintyCut(js: readonly number[], seeds: readonly number[], count: number): Candidate | null {
  const kept = Math.min(count, js.length);
  if (kept === 0) return null;
  const cut = kthSmallest(new Float64Array(js), kept - 1);
  // Of those that are as uncertain as the last one, the first ones are kept.
  let room = kept - js.reduce((less, value) => (value < cut ? less + 1 : less), 0);
  const last = js.findIndex((value) => value === cut && --room === 0);
  return { js: cut, seed: seeds[last]! };
}

/** What stands at index k once the values are sorted (Hoare's FIND, a fraction of the time that sorting millions takes). Reorders the values. */
function kthSmallest(values: Float64Array, k: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >>> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      [values[i], values[j]] = [values[j]!, values[i]!];
      i++;
      j--;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k]!;
}

/** Whether a candidate is kept by a cut. */
export function isWithin({ js, seed }: Candidate, cut: Candidate | null): boolean {
  return cut !== null && (js < cut.js || (js === cut.js && seed <= cut.seed));
}
