import { SCRIBBLES } from '../recipe.ts';

/** One label per pixel of a picture, row-major. `data[y * width + x]` indexes the labels (0 = background); UNLABELLED is not trained on. */
export interface AnnotatedMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export const UNLABELLED = 255;

/** Whether a picture is annotated by strokes: fewer than half of its pixels are labelled, but some are. */
export function isSparse({ data }: Pick<AnnotatedMap, 'data'>): boolean {
  const labelled = data.reduce((count, label) => count + (label === UNLABELLED ? 0 : 1), 0);
  return labelled > 0 && labelled < SCRIBBLES.mostLabelled * data.length;
}

/** Pixels of each label, length `classes`; unlabelled ones are not counted. */
export function countLabels(data: Uint8Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const label of data) if (label < classes) counts[label]!++;
  return counts;
}
