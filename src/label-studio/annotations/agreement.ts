import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';

/** What somebody drew in a picture. */
export interface Drawing {
  /** UNKNOWN where nothing is painted. */
  readonly map: LabelMap;
  /** By keypoint; null where no point is drawn. */
  readonly keypoints: MarkedKeypoints | null;
}

/** How far two people agree about one picture. */
export interface Agreement {
  /** By the text of each label that one of them painted: intersection over union of what both painted, 0 … 1. */
  readonly iou: Readonly<Record<string, number>>;
  /** By the text of each keypoint that both marked: distance in pixels of the label map. */
  readonly distances: Readonly<Record<string, number>>;
}

/** Compares only what is painted: what unpainted pixels mean may differ from one annotation to the other. Both maps have the same size. */
export function agreementOf(one: Drawing, other: Drawing, { labels, keypoints }: LabelConfig): Agreement {
  const both = new Float64Array(UNKNOWN);
  const either = new Float64Array(UNKNOWN);
  for (let pixel = 0; pixel < one.map.data.length; pixel++) {
    const [a, b] = [one.map.data[pixel]!, other.map.data[pixel]!];
    if (a !== UNKNOWN) either[a]!++;
    if (b !== UNKNOWN && b !== a) either[b]!++;
    if (a === b && a !== UNKNOWN) both[a]!++;
  }
  const iou = labels.flatMap((text, label) => (either[label] === 0 ? [] : [[text, both[label]! / either[label]!] as const]));
  const distances = keypoints.flatMap((text, keypoint) => {
    const [a, b] = [one.keypoints?.[keypoint], other.keypoints?.[keypoint]];
    return a == null || b == null ? [] : [[text, Math.hypot(a.x - b.x, a.y - b.y)] as const];
  });
  return { iou: Object.fromEntries(iou), distances: Object.fromEntries(distances) };
}
