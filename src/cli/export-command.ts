import type { DatasetDetail } from '../api/answers.ts';
import { DatasetGanError } from '../errors.ts';
import type { FormatName } from '../export/format-names.ts';
import type { ObjectRule } from '../export/object-rule.ts';
import { untar } from '../export/targets/untar.ts';
import { exportAnnotations } from './export-annotations.ts';
import { exportDestination } from './export-destination.ts';
import { localClient } from './local-client.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

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
  await exportDataset(source, formats, out, validation);
  return 0;
}

/** Unpacks the archive that the running server writes. */
async function exportDataset(id: string, formats: readonly string[], out: string, validation: number | undefined): Promise<void> {
  const { settings, report, open } = exportDestination(out);
  const api = localClient(settings);
  const path = `/api/datasets/${encodeURIComponent(id)}`;
  const { delivered } = await api.get<DatasetDetail>(path);
  const query = new URLSearchParams({
    format: formats.join(','),
    ...(validation === undefined ? {} : { validation: String(validation) }),
  });
  const target = await open();
  const stop = stopSignal();
  const line = new Progress();
  const onFile = (files: number) => line.show(`export  ${files} files`);
  let files: number;
  try {
    files = await untar(await api.stream(`${path}/export?${query}`), target, { signal: stop.signal, onFile });
  } catch (error) {
    await target.discard();
    throw error;
  } finally {
    line.end();
    stop.dispose();
  }
  report(`${delivered} pairs as ${formats.join(', ')}: ${files} files in ${out}`);
}
