import type { VersionRecord } from '../../../interpreter/versions/version.ts';

/** Labels of a dataset's masks by their number: those of its version, or the background alone where it learnt keypoints only and so makes no masks. */
export const datasetLabels = ({
  labels,
  annotatedLabels,
}: Pick<VersionRecord, 'labels' | 'annotatedLabels'>): readonly string[] =>
  annotatedLabels.length === 0 ? labels.slice(0, 1) : labels;
