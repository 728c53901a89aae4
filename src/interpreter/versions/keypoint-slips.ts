import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { robustDeviation } from '../learning/robust-deviation.ts';
import { worstPicturesFirst } from './worst-pictures-first.ts';

/** A point that a fold which did not learn from the picture sees elsewhere, farther off than is usual for the keypoint. */
export interface KeypointSlip<I = ImageIdentity> {
  readonly image: I;
  /** Index of the keypoint. */
  readonly keypoint: number;
  /** From the marked point to where the fold sees it, in pixels of the label map. */
  readonly distance: number;
  /** The same distance in the other pictures, their median. */
  readonly usualDistance: number;
  /** Index of another keypoint that is marked where this one is seen, as when left and right are swapped; null where there is none. */
  readonly markedThere: number | null;
  readonly deviations: number;
}

/** A marked point of a held-out picture, and where a fold sees it. */
export type HeldOutPoint<I> = Pick<KeypointSlip<I>, 'image' | 'keypoint' | 'distance' | 'markedThere'>;

/** Distances of one keypoint differ by about this share of the found distance even where those at hand are all alike. */
const LEAST_DEVIATION = 0.25;
const LEAST_LISTED = 3;
const MOST_LISTED = 20;

/**
 * Points that the annotator may have set by mistake, as likelySlips for labels; worst pictures first. A point that only one picture has is left out.
 * @param within distance up to which a keypoint counts as found, in pixels
 */
export function keypointSlips<I>(
  points: readonly HeldOutPoint<I>[],
  within: number,
  keyOf: (image: I) => string,
): KeypointSlip<I>[] {
  const slips = points.flatMap((point) => {
    const others = points.filter((other) => other !== point && other.keypoint === point.keypoint);
    if (others.length === 0 || point.distance <= within) return [];
    const distances = others.map(({ distance }) => distance);
    const { usual, deviations } = robustDeviation(point.distance, distances, LEAST_DEVIATION * within);
    return deviations < LEAST_LISTED ? [] : [{ ...point, usualDistance: usual, deviations }];
  });
  return worstPicturesFirst(slips, keyOf).slice(0, MOST_LISTED);
}
