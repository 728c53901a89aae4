import { DatasetGanError } from '../errors.ts';
import { parseFormats } from '../export/formats.ts';
import { untar } from '../export/untar.ts';
import type { DatasetDetail } from '../jobs/backend.ts';
import { numberOf, parseArguments, type Values } from './arguments.ts';
import { exportAnnotations } from './export-annotations.ts';
import { exportDestination } from './export-destination.ts';
import { localClient } from './local-client.ts';
import { ProgressLine } from './progress-line.ts';
import { stopSignal } from './stop-signal.ts';

const OPTIONS = ['format', 'out', 'validation', 'licence'];

/** `datasetgan export DATASET --format F,… --out DIR`, or `--from-annotations PROJECT` in the place of DATASET. */
export async function exportCommand(args: readonly string[]): Promise<number> {
  const { first, values } = parseArguments(args, 'dataset (or --from-annotations and a project)', OPTIONS, ['from-annotations']);
  const formats = parseFormats(required(values, 'format'));
  const out = required(values, 'out');
  const validation = numberOf(values, 'validation');
  if (validation !== undefined && !(validation >= 0 && validation <= 0.5))
    throw new DatasetGanError('bad-request', `--validation ${validation} is no share from 0 to 0.5.`, {
      fix: 'Use for example 0.1.',
    });
  if (values['from-annotations'] !== undefined) {
    await exportAnnotations({ project: first, formats, out, validation, licence: values.licence });
    return 0;
  }
  if (values.licence !== undefined)
    throw new DatasetGanError('bad-request', '--licence goes with --from-annotations.', {
      fix: "Leave it out: a dataset is under the licence of its generator's weights.",
    });
  await exportDataset(first, formats, out, validation);
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
  const line = new ProgressLine();
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

function required(values: Values, name: string): string {
  const value = values[name];
  if (value !== undefined) return value;
  throw new DatasetGanError('bad-request', `--${name} is missing.`, { fix: 'See datasetgan help.' });
}
