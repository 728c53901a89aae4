import {
  addToConfusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
} from '../../interpreter/learning/metrics.ts';
import type { LabelMap } from '../../masks/label-map.ts';

/** Pictures that are neither tasks (which count up from 0) nor in datasets (from 1,000,000 on). */
export const HELD_OUT_SEEDS: readonly number[] = Array.from({ length: 12 }, (_, index) => 500_000 + index);

/**
 * Mean intersection over union of predictions against truth, pooled over the pictures, background included; null where nothing could be compared.
 * @param pairs both in indices into the same `labels` labels
 */
export function meanIou(
  pairs: readonly { readonly truth: LabelMap; readonly predicted: LabelMap }[],
  labels: number,
): number | null {
  const confusion = emptyConfusion(labels);
  for (const { truth, predicted } of pairs) addToConfusion(confusion, truth.data, predicted.data);
  return meanIntersectionOverUnion(intersectionOverUnion(confusion));
}
