import type { VersionRecord } from '../../interpreter/versions/version.ts';

/** What a version can show: texts of the labels, without the background, and of the keypoints that were annotated. */
export interface AnnotatedTexts {
  readonly labels: readonly string[];
  readonly keypoints: readonly string[];
}

export function annotatedTexts({
  labels,
  annotatedLabels,
  keypoints,
}: Pick<VersionRecord, 'labels' | 'annotatedLabels' | 'keypoints'>): AnnotatedTexts {
  return {
    labels: annotatedLabels.filter((label) => label > 0).map((label) => labels[label]!),
    keypoints: keypoints === undefined ? [] : keypoints.annotatedKeypoints.map((keypoint) => keypoints.names[keypoint]!),
  };
}
