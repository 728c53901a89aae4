/**
 * One label per pixel of a picture, row-major from the top left. `data[y * width + x]` is an index: 0 is the background
 * (a label of that name, whatever its case, if the config has one), 1 … K-1 the other labels in config order. UNKNOWN marks pixels nobody labelled.
 */
export interface LabelMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Not trained on: an unlabelled pixel of a sparsely annotated picture. */
export const UNKNOWN = 255;
