import { DatasetGanError } from '../errors.ts';
import type { FormatName } from '../export/format-names.ts';
import type { ObjectRule } from '../export/object-rule.ts';
import { exportAnnotations } from './export-annotations.ts';
import { exportDataset } from './export-dataset.ts';

export interface ExportOptions {
  readonly format: readonly FormatName[];
  readonly out: string;
  /** Share of the pairs that is for validation, 0 to 0.5. */
  readonly validation?: number;
  readonly fromAnnotations?: true;
  readonly licence?: string;
  readonly objects?: ObjectRule;
}

/** `datasetgan export DATASET --format F,… --out DIR`, or `--from-annotations PROJECT` in the place of DATASET. */
export async function exportCommand(source: string, options: ExportOptions): Promise<number> {
  const { format: formats, out, validation, licence, objects } = options;
  if (options.fromAnnotations) {
    await exportAnnotations({ project: source, formats, out, validation, licence, objects });
    return 0;
  }
  if (objects !== undefined)
    throw new DatasetGanError('bad-request', '--objects goes with --from-annotations.', {
      fix: 'Omit it: an object of a dataset is a connected piece of a label.',
    });
  if (licence !== undefined)
    throw new DatasetGanError('bad-request', '--licence goes with --from-annotations.', {
      fix: "Omit it: a dataset is under the licence of its generator's weights.",
    });
  await exportDataset(source, { formats, out, validation });
  return 0;
}
