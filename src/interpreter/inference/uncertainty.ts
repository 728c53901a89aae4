import type { VersionRecord } from '../versions/version.ts';

/** Share of a picture's pixels that its uncertainty is the mean of: the most uncertain tenth (released code). */
const WORST_SHARE = 0.1;

/** Image uncertainty: mean of the ceil(0.1·pixels) largest Jensen-Shannon divergences, in nats. */
export function imageDivergence(divergence: Float32Array): number {
  const count = Math.ceil(WORST_SHARE * divergence.length);
  let sum = 0;
  for (const value of largest(divergence, count)) sum += value;
  return sum / count;
}

/** Bits of a float that tell values apart before they are sorted: sign, exponent and 7 of the fraction. */
const COARSE_BITS = 16;

/** The `count` largest of the values, which are 0 or more, ascending: those of about their size are sorted, not all. */
function largest(values: Float32Array, count: number): Float32Array {
  // Floats from 0 on are in the order of their bits as integers; -0 is the least of them.
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const coarse = (i: number) => Math.max(0, bits[i]!) >> COARSE_BITS;
  const sizes = new Uint32Array(1 << (31 - COARSE_BITS));
  for (let i = 0; i < bits.length; i++) sizes[coarse(i)]!++;
  let least = sizes.length;
  let found = 0;
  while (found < count) found += sizes[--least]!;
  const candidates = new Float32Array(found);
  let at = 0;
  for (let i = 0; i < bits.length; i++) if (coarse(i) >= least) candidates[at++] = values[i]!;
  return candidates.sort().subarray(found - count);
}

/** What is known of a picture's label map. */
export interface MaskUncertainty {
  /** imageDivergence, in nats. */
  readonly divergence: number;
  readonly members: number;
  /** Annotated labels. */
  readonly classes: number;
}

/**
 * A picture's uncertainty and score: of a version with masks alone JS and predictionScore; of one with keypoints alone ln 2·(1 - certainty), ln 2 being
 * the greatest divergence over a yes and a no, and the certainty. Of one with both, the mean of the two heads' uncertainties, and of their scores.
 */
export function imageUncertainty(
  masks: MaskUncertainty | undefined,
  certainty: number | undefined,
): { js: number; score: number } {
  const parts = [
    ...(masks === undefined
      ? []
      : [{ js: masks.divergence, score: predictionScore(masks.divergence, masks.members, masks.classes) }]),
    ...(certainty === undefined ? [] : [{ js: Math.LN2 * (1 - certainty), score: certainty }]),
  ];
  const mean = (of: 'js' | 'score') => parts.reduce((sum, part) => sum + part[of], 0) / parts.length;
  return { js: mean('js'), score: mean('score') };
}

/** The greatest uncertainty that a version's pictures can have, in nats: the end of a scale. 1 where it can have none. */
export function greatestUncertainty({
  settings,
  annotatedLabels,
  keypoints,
}: Pick<VersionRecord, 'settings' | 'annotatedLabels' | 'keypoints'>): number {
  const parts = [
    ...(annotatedLabels.length === 0 ? [] : [Math.log(Math.min(settings.members, annotatedLabels.length))]),
    ...(keypoints === undefined ? [] : [Math.LN2]),
  ];
  return parts.reduce((sum, part) => sum + part, 0) / parts.length || 1;
}

/**
 * Prediction score: clip(1 - JS/ln(min(N, K)), 0, 1), low = label me first. ln(min(N, K)) is the largest divergence that N members can
 * have over K annotated classes; where that is 0 (one member) nothing is known and the score is 1.
 */
export function predictionScore(divergence: number, members: number, classes: number): number {
  const greatest = Math.log(Math.min(members, classes));
  return greatest <= 0 ? 1 : Math.min(1, Math.max(0, 1 - divergence / greatest));
}
