import type { ImportReport } from '../api/answers.ts';
import type { ImportOptions } from '../api/requests.ts';
import { importGenerator } from '../jobs/generators/import-generator.ts';
import { withGenerators } from './local-generators.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

export interface ImportCommandOptions extends Omit<ImportOptions, 'file' | 'averageFile'> {
  /** Path of the mean of w as .npy. */
  readonly avgLatent?: string;
}

/** `datasetgan import FILE …`: makes a generator of a checkpoint and says what it found. */
export async function importCommand(file: string, { avgLatent, ...given }: ImportCommandOptions): Promise<number> {
  const options = { ...given, file, ...(avgLatent === undefined ? {} : { averageFile: avgLatent }) };
  const line = new Progress();
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

function describe(report: ImportReport): string {
  const { name, known, origin, resolution, labelSize, dims, taps, classes, psi, cutoff, file, code, average } = report;
  const seconds = (what: ImportReport['image']) =>
    what === null ? 'not measured again' : `${what.seconds.toFixed(2)} s, ${(what.memory / 1e9).toFixed(2)} GB`;
  const program =
    code === null
      ? 'none in the file'
      : `${code.known ?? 'unknown; images may differ from those of the original program'} (sha256 ${code.sha256})`;
  const lines = [
    known ? `This network is already installed: ${name}` : `Imported as ${name}`,
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
