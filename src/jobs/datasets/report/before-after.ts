import { Histogram } from '../../../synthesis/histogram.ts';

/** A figure of all candidates, and of the pairs that are delivered. */
export interface BeforeAfter {
  readonly before: Histogram;
  readonly after: Histogram;
}

/** For values of 0 … `most`. */
export const beforeAfter = (most: number): BeforeAfter => ({ before: new Histogram(most), after: new Histogram(most) });
