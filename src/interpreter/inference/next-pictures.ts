/** Pictures to choose from, or chosen already, as points: `size` numbers each, one after the other. */
export interface Points {
  readonly values: Float32Array;
  readonly size: number;
}

/**
 * Which pictures to annotate next, as indices of `candidates`, the best first: greedy k-centre (Sener & Savarese, 2018) weighed by uncertainty, as in
 * DatasetGAN's Table 6. The most uncertain pictures are outliers and look alike. So each choice has the greatest product of its uncertainty and its
 * distance to the nearest picture that is annotated or chosen before it.
 *
 * @param uncertainty of each candidate (JS, nats)
 * @param annotated may be empty: then the first choice goes by uncertainty alone
 */
export function nextPictures(candidates: Points, uncertainty: readonly number[], annotated: Points, count: number): number[] {
  const { size } = candidates;
  const point = (points: Points, index: number) => points.values.subarray(index * size, (index + 1) * size);
  const nearest = uncertainty.map((_, index) => {
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < annotated.values.length / size; other++)
      least = Math.min(least, distance(point(candidates, index), point(annotated, other)));
    return least;
  });
  const left = new Set(uncertainty.keys());
  const chosen: number[] = [];
  while (chosen.length < count && left.size > 0) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (const index of left) {
      const far = nearest[index]!;
      const worth = uncertainty[index]! * (far === Number.POSITIVE_INFINITY ? 1 : far);
      if (worth > most) [best, most] = [index, worth];
    }
    chosen.push(best);
    left.delete(best);
    for (const index of left)
      nearest[index] = Math.min(nearest[index]!, distance(point(candidates, index), point(candidates, best)));
  }
  return chosen;
}

/** Euclidean. */
function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
