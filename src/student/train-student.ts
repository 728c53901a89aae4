import { rm } from 'node:fs/promises';
import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { learnBasis } from '../interpreter/features/learn-basis.ts';
import { BASIS } from '../interpreter/recipe.ts';
import { type TrainProgress, trainPrepared } from '../interpreter/versions/train-heads.ts';
import type { PhotoVersionRecord } from '../photos/train-photo-version.ts';
import { prepareStudent } from './prepare-student.ts';
import { studentNetwork } from './student-network.ts';
import { studentPictures } from './student-pictures.ts';
import type { Augmentation } from './student-recipe.ts';
import type { StudentTraining } from './student-training.ts';

/** All that is known of a student. predictPhoto reads its file. The pictures are not listed: there are thousands. */
export interface StudentRecord extends PhotoVersionRecord {
  readonly student: {
    /** What the pairs are of, such as the id of a dataset. */
    readonly source: string;
    readonly pairs: number;
    /** Annotated photographs beside them. */
    readonly photographs: number;
    /** sha256 over all pictures, label maps and keypoints, hex. */
    readonly data: string;
    readonly augmentation: Augmentation;
  };
}

/**
 * Trains a student, a version on photographs that learns from synthesized pairs, and writes its file; the record comes back. Pictures are read one by one:
 * in memory are their sampled pixels alone. Progress: TrainProgress.
 * @throws DatasetGanError trainPrepared's; `bad-photo`, `bad-annotation` for files that cannot be read
 */
export async function trainStudent(input: StudentTraining, context: EngineContext): Promise<StudentRecord> {
  const { backbone, view, pairs, photographs, source, augmentation, cacheFolder } = input;
  const progress = (value: TrainProgress) => context.progress(value);
  const began = performance.now();
  const { pictures, data } = await studentPictures(input, context, (step, steps) =>
    progress({ phase: 'reading the pictures', step, steps, loss: null }),
  );
  const network = studentNetwork(backbone, view);
  const basis = await learnBasis(context, network, spreadOver(pictures, BASIS.pictures), (step, steps) =>
    progress({ phase: 'learning the features', step, steps, loss: null }),
  );
  if (basis === null)
    throw new DatasetGanError('bad-photo', 'All pictures are alike: there is nothing to learn from.', {
      fix: 'Give other pairs.',
    });
  const prepared = await prepareStudent(input, { pictures, data, network, basis }, context, (step, steps) =>
    progress({ phase: 'sampling', step, steps, loss: null }),
  );
  const record = await trainPrepared(context, input, prepared, began, (own) => ({
    ...own,
    backbone: backbone.card.id,
    size: view.size,
    labelSide: view.labelSide,
    student: { source, pairs: pairs.length, photographs: photographs.length, data, augmentation },
  }));
  await rm(cacheFolder, { recursive: true, force: true });
  return record;
}
export const trainStudentTask = engineTask(import.meta.url, trainStudent);

/** Up to `most` of them, evenly spread. */
function spreadOver<T>(all: readonly T[], most: number): T[] {
  const count = Math.min(most, all.length);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}
