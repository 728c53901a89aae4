import { randomUUID } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImportReport } from '../../api/answers.ts';
import type { ImportOptions } from '../../api/requests.ts';
import type { Engine } from '../../engine/engine.ts';
import { DatasetGanError } from '../../errors.ts';
import { basisMemory, ensureBasisTask } from '../../interpreter/features/basis-file.ts';
import { measurePredictionTask } from '../../interpreter/inference/measure-prediction.ts';
import { predictionMemory } from '../../interpreter/inference/predict.ts';
import { makeFolders } from '../../make-folders.ts';
import { contactSheet } from '../../stylegan/contact-sheet.ts';
import { type ConvertedFile, convertFileTask } from '../../stylegan/convert-file.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { GeneratorLibrary } from '../../stylegan/library.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { tryGeneratorTask } from '../../stylegan/try-generator.ts';
import { putInPlace } from '../../write-whole.ts';
import { encodePictureTask } from '../engine-tasks/encode-png.ts';
import { copyApart } from './copy-apart.ts';

export interface ImportPlace {
  readonly engine: Engine;
  /** Bytes that a generator may need. */
  readonly memoryLimit: number;
  readonly library: GeneratorLibrary;
  /** Folder that holds the user's generators. */
  readonly generators: string;
  /** Told when each of the IMPORT_STEPS begins. */
  readonly progress?: (step: string) => void;
  readonly signal?: AbortSignal;
}

/** Reading and converting, trying it out, learning its features, measuring a prediction. A network that is known already needs the first alone. */
export const IMPORT_STEPS = 4;

const SAMPLES = 8;
/** What one array of this process may hold. Published checkpoints with discriminator and optimisers have 0.3 to 1.2 GB. */
const MOST_BYTES = 2 ** 31;
/** A mean of w has at most a few thousand numbers. */
const MOST_AVERAGE_BYTES = 16e6;
/** How the folder of an import begins that is not done. */
const STAGING = '.import-';
/** No import takes this many milliseconds: the process that made such a folder was killed. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;
const NOTICE =
  'Most published StyleGAN weights and code are licensed for research and evaluation only, not for commercial use. This applies to this copy, and probably to pictures and datasets made with it. Check the licence of the source.';

/**
 * Imports a checkpoint as a generator: converts it, tries it out, and only then shows it under its name, so that a failed import leaves nothing,
 * and one that succeeded outlives a power cut.
 * A network that is there already stays as it is, whatever it is called.
 * @throws DatasetGanError `checkpoint-*`, `bad-generator`, `bad-request`, `not-found`, `out-of-memory`, `disk-full`, `cancelled`
 */
export async function importGenerator(options: ImportOptions, place: ImportPlace): Promise<ImportReport> {
  const { engine, memoryLimit, library, generators, progress = () => {} } = place;
  const { signal } = place;
  const batch = { lane: 'batch', signal } as const;
  const name = options.name ?? nameOf(options.file);
  const staging = join(generators, `${STAGING}${randomUUID()}`);
  const { file, averageFile, licence, psi = 0.7, rows, labelSize, taps } = options;
  await makeFolders(staging);
  await removeAbandoned(generators);
  try {
    progress('reading and converting');
    // Nothing that computes waits for the user's disk: the engine gets copies.
    const copied = join(staging, 'checkpoint');
    const copiedAverage = averageFile === undefined ? undefined : join(staging, 'average');
    await copyApart(file, copied, { limit: Math.min(MOST_BYTES, memoryLimit), signal });
    if (averageFile !== undefined && copiedAverage !== undefined)
      await copyApart(averageFile, copiedAverage, { limit: MOST_AVERAGE_BYTES, signal });
    const converted = await engine.run(
      convertFileTask,
      {
        file: copied,
        folder: join(staging, 'generator'),
        memoryLimit,
        description: {
          name,
          psi,
          licence: licence ?? 'not stated',
          commercialUse: null,
          note: NOTICE,
          rows,
          labelWidth: labelSize,
          tapSet: taps,
        },
        averageFile: copiedAverage,
      },
      batch,
    );
    await rm(copied);
    const { generator } = converted;
    const { generators: present } = await library.list();
    const known = present.find(({ card }) => card.id === generator.card.id);
    if (known !== undefined)
      return report(known, converted, options, { known: true, image: null, prediction: null, warning: null });
    if (present.some(({ card }) => card.name === name))
      throw new DatasetGanError('bad-request', `Another generator has the name '${name}'.`, {
        fix: 'Choose another name with --name.',
      });

    progress('testing it');
    const { pictures, warning, ...image } = await engine.run(
      tryGeneratorTask,
      { generator, count: SAMPLES },
      { ...batch, memory: synthesisMemory(generator.card) },
    );
    progress('learning its features');
    const learning = { ...batch, memory: basisMemory(generator) };
    await engine.run(ensureBasisTask, { generator }, learning);
    progress('measuring a prediction');
    const prediction = await engine.run(measurePredictionTask, { generator }, { ...batch, memory: predictionMemory(generator) });
    const sheet = await engine.run(encodePictureTask, contactSheet(pictures, 4), { lane: 'codec' });
    const made = report(generator, converted, options, { known: false, image, prediction, warning });
    await writeFile(join(generator.folder, 'samples.png'), sheet);
    await writeFile(join(generator.folder, 'report.json'), `${JSON.stringify(made, null, 1)}\n`);
    const place = join(generators, await freeFolder(generators, name, generator.card.id));
    await putInPlace(generator.folder, place, 'power-cut');
    return made;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A folder for the generator of that name: one that is called otherwise by now may still be there. */
async function freeFolder(generators: string, name: string, id: string): Promise<string> {
  const taken = await readdir(generators);
  return taken.includes(name) ? `${name}-${id.slice(0, 12)}` : name;
}

/** Removes what killed imports have left. */
async function removeAbandoned(generators: string): Promise<void> {
  for (const name of await readdir(generators)) {
    if (!name.startsWith(STAGING)) continue;
    const folder = join(generators, name);
    const { mtimeMs } = await stat(folder);
    if (mtimeMs < Date.now() - ABANDONED_AFTER_MS) await rm(folder, { recursive: true, force: true });
  }
}

/** A name for the generator of a file: `network-snapshot-000200.pkl` → `network-snapshot-000200`. */
function nameOf(file: string): string {
  const stem = basename(file).replace(/\.(?:pkl|pth|pt|safetensors)$/i, '');
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return name.slice(0, 64) || 'generator';
}

function report(
  { card }: Generator,
  { origin, file, code, average }: ConvertedFile,
  options: ImportOptions,
  outcome: Pick<ImportReport, 'known' | 'image' | 'prediction' | 'warning'>,
): ImportReport {
  const { name, id, family, resolution, labelSize, cDim: classes, psi, cutoff, licence, note } = card;
  return {
    name,
    id,
    family,
    origin,
    resolution,
    labelSize,
    dims: card.taps.reduce((sum, { channels }) => sum + channels, 0),
    taps: card.taps.map((tap) => tap.name),
    classes,
    psi,
    cutoff,
    file: { name: basename(options.file), ...file },
    code,
    average,
    licence,
    note,
    ...outcome,
  };
}
