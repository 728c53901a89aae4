/** One label per pixel of a picture, row-major. `data[y * width + x]` indexes the labels (0 = background); UNLABELLED is not trained on. */
export interface AnnotatedMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export const UNLABELLED = 255;

/** Pixels of each label, length `classes`; unlabelled ones are not counted. */
export function countLabels(data: Uint8Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const label of data) if (label < classes) counts[label]!++;
  return counts;
}
