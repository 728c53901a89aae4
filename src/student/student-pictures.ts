import { createHash } from 'node:crypto';
import type { EngineContext } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { canonicalJson } from '../interpreter/canonical-json.ts';
import { Random } from '../interpreter/learning/random.ts';
import { mirrorIndex } from '../keypoints/flip-index.ts';
import { describeFile } from './labelled-file.ts';
import { drawView } from './pair-view.ts';
import type { StudentPicture } from './student-network.ts';
import { viewsOf } from './student-recipe.ts';
import type { StudentTraining } from './student-training.ts';

/** Which files a student learns from, and how it looks at them. */
type StudentData = Pick<StudentTraining, 'labels' | 'keypoints' | 'pairs' | 'photographs' | 'augmentation' | 'seed'>;

/**
 * Reads every file once, and draws the views of each picture. Nothing is mirrored where a label or keypoint says a side and has no partner.
 * @returns the pictures, and what names all of them: a sha256 over their files and keypoints
 * @throws DatasetGanError `training-refused` without any picture, describeFile's, `cancelled`
 */
export async function studentPictures(
  { labels, keypoints, pairs, photographs, augmentation, seed }: StudentData,
  context: EngineContext,
  onPicture: (done: number, of: number) => void,
): Promise<{ pictures: StudentPicture[]; data: string }> {
  const mayMirror = mirrorIndex(labels) !== undefined && mirrorIndex(keypoints) !== undefined;
  const views = viewsOf(pairs.length, photographs.length);
  const all = [
    ...pairs.map((own) => ({ own, copies: views.pairs })),
    ...photographs.map((own) => ({ own, copies: views.photographs })),
  ];
  if (all.length === 0)
    throw new DatasetGanError('training-refused', 'There are no pairs to learn from.', { fix: 'Order a dataset first.' });
  const hash = createHash('sha256');
  const pictures: StudentPicture[] = [];
  for (const [at, { own, copies }] of all.entries()) {
    const known = keypoints.length === 0 ? { ...own, keypoints: null } : own;
    const file = await describeFile(known, labels.length);
    hash.update(canonicalJson([file.photo, file.annotation, file.keypoints, copies]));
    for (let copy = 0; copy < copies; copy++) {
      const random = new Random(seed, 'augment', 2 + copy, at);
      pictures.push({ file, view: drawView(file, augmentation, mayMirror, random), seed: random.bits() });
    }
    onPicture(at + 1, all.length);
    await context.checkpoint();
  }
  return { pictures, data: hash.digest('hex') };
}
