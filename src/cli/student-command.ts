import { rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatasetGanError } from '../errors.ts';
import type { TrainProgress } from '../interpreter/versions/train-heads.ts';
import { makeFolders } from '../make-folders.ts';
import { onDisk } from '../on-disk.ts';
import { type Backbone, findBackbone } from '../photos/backbone.ts';
import { writePhotoModel } from '../photos/model-file/write-photo-model.ts';
import { photoView } from '../photos/photo-network.ts';
import { photoSize } from '../photos/read-photo.ts';
import { type PairsFolder, pairsInFolder } from '../student/pairs-in-folder.ts';
import { AUGMENTATION, STUDENT_SETTINGS } from '../student/student-recipe.ts';
import { trainStudentTask } from '../student/train-student.ts';
import { usualSize } from '../student/usual-size.ts';
import { exportDataset } from './export-dataset.ts';
import { type LocalBackbones, withBackbones } from './local-backbones.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

export interface StudentOptions {
  readonly out: string;
  readonly annotated?: string;
  readonly backbone: string;
  readonly size?: number;
}

const TRAINING_SEED = 0;
const ONNX = /\.onnx$/i;

/** `datasetgan student ORDER --out FILE`: a model for photographs that learns from the pairs of a dataset. */
export function studentCommand(order: string, options: StudentOptions): Promise<number> {
  return withBackbones(async (local) => {
    const { out } = options;
    const backbone = await findBackbone(local.root, options.backbone);
    const versionFile = out.replace(ONNX, '.safetensors');
    await onDisk(out, () => makeFolders(dirname(resolve(out))));
    await withPairs(order, `${out}.pairs`, (pairs) => learn(local, pairs, { ...options, backbone, versionFile }));
    if (ONNX.test(out)) await onDisk(out, () => writePhotoModel(backbone, versionFile, out));
    process.stdout.write(`${out}\n`);
    return 0;
  });
}

interface NamedFolder {
  readonly folder: string;
  /** Where its pairs come from, for the record. */
  readonly source: string;
}

/** Gives `work` the folder that was named; or that of a dataset of the running server, which is removed afterwards. */
async function withPairs(order: string, temporary: string, work: (pairs: NamedFolder) => Promise<void>): Promise<void> {
  const isFolder = await stat(order).then(
    (found) => found.isDirectory(),
    () => /[/\\.]/.test(order),
  );
  if (isFolder) return work({ folder: order, source: resolve(order) });
  await rm(temporary, { recursive: true, force: true });
  try {
    await exportDataset(order, { formats: ['index-png'], out: temporary });
    await work({ folder: temporary, source: `dataset ${order}` });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

interface Learning extends Omit<StudentOptions, 'backbone'> {
  readonly backbone: Backbone;
  readonly versionFile: string;
}

async function learn({ engine, settings }: LocalBackbones, { folder, source }: NamedFolder, options: Learning): Promise<void> {
  const { out, annotated, backbone, versionFile } = options;
  const { labels, keypoints, pairs } = await pairsInFolder(folder);
  const photographs = annotated === undefined ? [] : await annotatedPhotographs(annotated, labels, keypoints);
  const [first] = pairs;
  const size = options.size ?? (first && usualSize(backbone.card, await photoSize(first.picture)));
  const stop = stopSignal();
  const line = new Progress();
  const input = {
    backbone,
    view: photoView(backbone.card, size),
    labels,
    keypoints,
    pairs,
    photographs,
    source,
    augmentation: AUGMENTATION,
    settings: STUDENT_SETTINGS,
    seed: TRAINING_SEED,
    trainMemory: settings.trainMemory,
    cacheFolder: `${out}.features`,
    checkpointFile: `${out}.checkpoint`,
    versionFile,
  };
  const onProgress = (value: unknown) => {
    const { phase, step, steps } = value as TrainProgress;
    line.show(`${phase}  ${step} of ${steps}`);
  };
  try {
    const run = { lane: 'batch', makesRoom: true, signal: stop.signal, onProgress } as const;
    const record = await engine.run(trainStudentTask, input, run);
    for (const note of record.notes) line.say(note);
    line.say(
      `Trained ${record.id} on ${pairs.length} pairs and ${photographs.length} photographs in ${record.seconds.total.toFixed(0)} s.`,
    );
  } finally {
    line.end();
    stop.dispose();
  }
}

/** @throws DatasetGanError `bad-annotation` where they have other labels than the pairs, and pairsInFolder's */
async function annotatedPhotographs(
  folder: string,
  labels: readonly string[],
  keypoints: readonly string[],
): Promise<PairsFolder['pairs']> {
  const own = await pairsInFolder(folder);
  const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((name, i) => name === b[i]);
  if (!same(own.labels, labels) || (own.keypoints.length > 0 && !same(own.keypoints, keypoints)))
    throw new DatasetGanError(
      'bad-annotation',
      `${join(folder, 'labels.json')} has other labels than the pairs: ${own.labels.join(', ')} instead of ${labels.join(', ')}.`,
      { fix: 'Annotate the photographs with the labels of the dataset, in the same order.' },
    );
  return own.pairs;
}
