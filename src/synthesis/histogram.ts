/** Fine bins: shown bins are runs of these, so that values need to be gone through only once. */
const FINE = 1200;

/** Bins of a histogram as it is drawn, all `width` wide from 0 on. */
export interface Bins {
  readonly width: number;
  readonly counts: readonly number[];
}

/** Counts values of 0 … `most`, a stream of any length in constant memory. Greater values count in the last bin. */
export class Histogram {
  readonly most: number;
  readonly #counts = new Float64Array(FINE);
  #values = 0;
  #sum = 0;

  constructor(most: number) {
    this.most = most;
  }

  add(value: number): void {
    const bin = Math.floor((value / this.most) * FINE);
    this.#counts[Math.min(FINE - 1, Math.max(0, bin))]!++;
    this.#values++;
    this.#sum += value;
  }

  get values(): number {
    return this.#values;
  }

  /** NaN without values. */
  get mean(): number {
    return this.#sum / this.#values;
  }

  /** Fine bins up to the last one that holds something. */
  get used(): number {
    return this.#counts.findLastIndex((count) => count > 0) + 1;
  }

  /** Fine bins put together, `run` in one, as many as `used` fine ones need. */
  bins(run: number, used = this.used): Bins {
    const counts = new Array<number>(Math.ceil(used / run)).fill(0);
    for (let bin = 0; bin < used; bin++) counts[Math.floor(bin / run)]! += this.#counts[bin]!;
    return { width: (run * this.most) / FINE, counts };
  }
}

/** Two histograms of one kind in the same bins: at most `most` of them, over the range that either uses. */
export function sharedBins(before: Histogram, after: Histogram, most: number): { before: Bins; after: Bins } {
  const used = Math.max(before.used, after.used, 1);
  const run = Math.ceil(used / most);
  return { before: before.bins(run, used), after: after.bins(run, used) };
}
