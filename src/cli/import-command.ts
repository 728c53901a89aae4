import type { ImportReport } from '../api/answers.ts';
import { DatasetGanError } from '../errors.ts';
import { importGenerator } from '../jobs/generators/import-generator.ts';
import { numberOf, parseArguments, type Values } from './arguments.ts';
import { withGenerators } from './local-generators.ts';
import { ProgressLine } from './progress-line.ts';
import { stopSignal } from './stop-signal.ts';

/** `datasetgan import FILE …`: makes a generator of a checkpoint and says what it found. */
export async function importCommand(args: readonly string[]): Promise<number> {
  const { first: file, values } = parseArguments(args, 'file', [
    'name',
    'licence',
    'psi',
    'avg-latent',
    'taps',
    'rows',
    'label-size',
  ]);
  const line = new ProgressLine();
  const options = {
    file,
    ...text(values, 'name', 'name'),
    ...text(values, 'licence', 'licence'),
    ...text(values, 'avg-latent', 'averageFile'),
    ...text(values, 'taps', 'taps'),
    ...number(values, 'psi', 'psi'),
    ...number(values, 'label-size', 'labelSize'),
    ...(values.rows === undefined ? {} : { rows: rows(values.rows) }),
  };
  const stop = stopSignal();
  const report = await withGenerators(({ settings, engine, library, folder }) =>
    importGenerator(options, {
      engine,
      library,
      memoryLimit: settings.memoryLimit,
      generators: folder,
      progress: (step) => line.show(step),
      signal: stop.signal,
    }),
  ).finally(() => {
    line.end();
    stop.dispose();
  });
  process.stdout.write(describe(report));
  return 0;
}

const text = <K extends string>(values: Values, name: string, key: K) =>
  (values[name] === undefined ? {} : { [key]: values[name] }) as { [P in K]?: string };

const number = <K extends string>(values: Values, name: string, key: K) => {
  const value = numberOf(values, name);
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: number };
};

/** `64:448` */
function rows(value: string): { from: number; to: number } {
  const [, from, to] = /^(\d{1,4}):(\d{1,4})$/.exec(value) ?? [];
  if (from !== undefined && to !== undefined) return { from: Number(from), to: Number(to) };
  throw new DatasetGanError('bad-request', `--rows ${value} is no range of rows.`, {
    fix: 'Give the first and the one after the last: --rows 64:448.',
  });
}

function describe(report: ImportReport): string {
  const { name, known, origin, resolution, labelSize, dims, taps, classes, psi, cutoff, file, code, average } = report;
  const seconds = (what: ImportReport['image']) =>
    what === null ? 'not measured again' : `${what.seconds.toFixed(2)} s, ${(what.memory / 1e9).toFixed(2)} GB`;
  const program =
    code === null
      ? 'the file carries none'
      : `${code.known ?? 'unknown; images may differ from the original program’s'} (sha256 ${code.sha256})`;
  const lines = [
    known ? `This network is here already: ${name}` : `Imported as ${name}`,
    `network        ${origin}, ${resolution} × ${resolution} px${classes > 0 ? `, ${classes} classes` : ''}`,
    `pictures       ${labelSize.width} × ${labelSize.height} px, psi ${psi}, cutoff ${cutoff ?? 'none'}`,
    `features       ${dims} a pixel, of ${taps.length} layers`,
    `file           ${file.name}, ${(file.bytes / 1e6).toFixed(1)} MB, sha256 ${file.sha256}`,
    `program        ${program}`,
    `mean of w      ${average}`,
    `one image      ${seconds(report.image)}`,
    `with its mask  ${seconds(report.prediction)}`,
    ...(report.warning === null ? [] : [`warning        ${report.warning}`]),
    `licence        ${report.licence}`,
    ...report.note.split(/(?<=\.) (?=[A-Z])/).map((sentence, i) => (i === 0 ? 'note' : '').padEnd(15) + sentence),
  ];
  return `${lines.join('\n')}\n`;
}
