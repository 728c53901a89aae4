import { createHash } from 'node:crypto';
import { canonicalJson } from '../interpreter/canonical-json.ts';
import { RECIPE } from '../interpreter/recipe.ts';
import { STUDENT_RECIPE } from './student-recipe.ts';
import type { StudentTraining } from './student-training.ts';

/**
 * What names a student: all that decides its bytes, as a version's id does. Names of files do not count.
 * @param learnt its files (studentPictures), its basis, and the pixels of each picture
 * @returns `dg-` and 12 hex digits
 */
export function studentId(
  { backbone, view, labels, keypoints, augmentation, settings, seed }: StudentTraining,
  { data, basis, pixels }: { readonly data: string; readonly basis: string; readonly pixels: number },
): string {
  const identity = {
    recipe: [RECIPE, STUDENT_RECIPE],
    backbone: backbone.card.id,
    size: view.size,
    labelSide: view.labelSide,
    basis,
    labels,
    keypoints,
    data,
    augmentation,
    settings: { ...settings, pixelsPerImage: pixels },
    seed,
  };
  return `dg-${createHash('sha256').update(canonicalJson(identity)).digest('hex').slice(0, 12)}`;
}
