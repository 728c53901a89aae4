import type { Version } from '../../../store/schema.ts';
import { validationOf } from '../../product/version-record.ts';

/** How good a version was on annotated pictures that were left out of its training. */
export interface HeldOut {
  /** In words, where there are no figures. */
  readonly missing: string | null;
  /** IoU, 0 … 1, of each label in the order of the labels; null: not measured, as it was annotated in one picture only. */
  readonly iou: readonly (readonly [label: string, iou: number | null])[];
  /** Of each keypoint, where they were measured: the share that was found (PCK), and the median error in pixels; null as above. */
  readonly keypoints: readonly (readonly [name: string, found: number | null, medianError: number | null])[];
  /** Mean over the labels that are measured; null where it says nothing. */
  readonly mIoU: number | null;
}

/**
 * @param names of the version's keypoints
 * @throws DatasetGanError `damaged-record`
 */
export function heldOutOf(
  version: Pick<Version, 'id' | 'labels' | 'validation' | 'validation_result'>,
  names: readonly string[] = [],
): HeldOut {
  const { labels, validation } = version;
  const { mIoU = null, iou = [], keypoints } = validationOf(version) ?? {};
  const perLabel = labels.map((label, index) => [label, iou[index] ?? null] as const);
  const measured = perLabel.some(([, value]) => value !== null);
  const why =
    validation === 'pending'
      ? 'Validation had not run yet when this report was made.'
      : 'Not measured: this needs labels that are annotated in at least two pictures.';
  const points = names.map(
    (name, index) => [name, keypoints?.pck[index] ?? null, keypoints?.medianError[index] ?? null] as const,
  );
  return { missing: measured ? null : why, iou: perLabel, mIoU, keypoints: points };
}
