import type { DatasetDetail } from '../api/answers.ts';
import type { FormatName } from '../export/format-names.ts';
import { untar } from '../export/targets/untar.ts';
import { exportDestination } from './export-destination.ts';
import { localClient } from './local-client.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

export interface DatasetExport {
  readonly formats: readonly FormatName[];
  readonly out: string;
  /** Share of the pairs that is for validation, 0 to 0.5. */
  readonly validation?: number | undefined;
}

/** Unpacks the archive that the running server writes of a dataset. */
export async function exportDataset(id: string, { formats, out, validation }: DatasetExport): Promise<void> {
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
