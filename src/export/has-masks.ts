import type { ExportDataset } from './export-dataset.ts';

/** Whether a dataset has masks: the background alone makes none. */
export const hasMasks = ({ labels }: Pick<ExportDataset, 'labels'>): boolean => labels.length > 1;
