import { dirname, join, resolve } from 'node:path';
import { DatasetGanError } from '../errors.ts';
import type { TrainProgress } from '../interpreter/versions/train-heads.ts';
import { makeFolders } from '../make-folders.ts';
import { onDisk } from '../on-disk.ts';
import { findBackbone } from '../photos/backbone.ts';
import { photoView } from '../photos/photo-network.ts';
import { type PairsFolder, pairsInFolder } from '../student/pairs-in-folder.ts';
import { AUGMENTATION, STUDENT_SETTINGS } from '../student/student-recipe.ts';
import { trainStudentTask } from '../student/train-student.ts';
import { withBackbones } from './local-backbones.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

export interface StudentOptions {
  readonly out: string;
  readonly annotated?: string;
  readonly backbone: string;
  readonly size?: number;
}

const TRAINING_SEED = 0;

/** `datasetgan student FOLDER --out FILE`: a version for photographs that learns from the pairs of a dataset. */
export function studentCommand(folder: string, options: StudentOptions): Promise<number> {
  return withBackbones(async ({ engine, root, settings }) => {
    const backbone = await findBackbone(root, options.backbone);
    const view = photoView(backbone.card, options.size);
    const { labels, keypoints, pairs } = await pairsInFolder(folder);
    const photographs = options.annotated === undefined ? [] : await annotatedPhotographs(options.annotated, labels, keypoints);
    const { out } = options;
    await onDisk(out, () => makeFolders(dirname(resolve(out))));
    const stop = stopSignal();
    const line = new Progress();
    const input = {
      backbone,
      view,
      labels,
      keypoints,
      pairs,
      photographs,
      source: resolve(folder),
      augmentation: AUGMENTATION,
      settings: STUDENT_SETTINGS,
      seed: TRAINING_SEED,
      trainMemory: settings.trainMemory,
      cacheFolder: `${out}.features`,
      checkpointFile: `${out}.checkpoint`,
      versionFile: out,
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
      process.stdout.write(`${out}\n`);
      return 0;
    } finally {
      line.end();
      stop.dispose();
    }
  });
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
