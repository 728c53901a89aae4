import type { DatasetDetail } from '../api/answers.ts';
import { DatasetGanError } from '../errors.ts';
import { OBJECT_RULES, type ObjectRule } from '../export/annotated-project.ts';
import { parseFormats } from '../export/format-names.ts';
import { untar } from '../export/targets/untar.ts';
import { numberOf, parseArguments, type Values } from './arguments.ts';
import { exportAnnotations } from './export-annotations.ts';
import { exportDestination } from './export-destination.ts';
import { localClient } from './local-client.ts';
import { ProgressLine } from './progress-line.ts';
import { stopSignal } from './stop-signal.ts';

const OPTIONS = ['format', 'out', 'validation', 'licence', 'objects'];

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
    const { licence } = values;
    await exportAnnotations({ project: first, formats, out, validation, licence, objects: objectRule(values) });
    return 0;
  }
  if (values.objects !== undefined)
    throw new DatasetGanError('bad-request', '--objects goes with --from-annotations.', {
      fix: 'Leave it out: an object of a dataset is a connected piece of a label.',
    });
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

function objectRule({ objects }: Values): ObjectRule | undefined {
  const rule = OBJECT_RULES.find((one) => one === objects);
  if (objects === undefined || rule !== undefined) return rule;
  throw new DatasetGanError('bad-request', `--objects ${objects} is neither ${OBJECT_RULES.join(' nor ')}.`, {
    fix: 'Use regions (each region that was drawn is an object) or pieces (each connected piece of a label is one).',
  });
}

function required(values: Values, name: string): string {
  const value = values[name];
  if (value !== undefined) return value;
  throw new DatasetGanError('bad-request', `--${name} is missing.`, { fix: 'See datasetgan help.' });
}
