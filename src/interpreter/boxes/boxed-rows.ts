import { type AnnotatedMap, UNLABELLED } from '../sampling/annotation.ts';
import type { TrainingData } from '../sampling/training-data.ts';
import { isInBox } from './box.ts';
import { isInCore, type LabelBox, smallestFirst } from './label-box.ts';

/** A picture of a training, and the boxes in it. */
export interface BoxedPicture {
  /** As annotated: unlabelled where only a box says something. */
  readonly known: AnnotatedMap;
  readonly boxes: readonly LabelBox[];
}

/** A pixel of which only boxes tell something. */
export interface BoxedPixel {
  /** Classes that it may have: that of a box it is in, or the background's. */
  readonly possible: readonly number[];
  /** Whether it is in the middle of its smallest box, where its guess is most often right. */
  readonly isCore: boolean;
}

/** By row of the training matrix; null where its class is annotated. */
export type BoxedRows = readonly (BoxedPixel | null)[];

/**
 * The rows whose class only boxes tell something of: it is the background's, or that of a box which they are in. null where there are none.
 * @param labelOf label of each class
 */
export function boxedRows(
  { pixels, starts }: Pick<TrainingData, 'pixels' | 'starts'>,
  pictures: readonly BoxedPicture[],
  labelOf: readonly number[],
): BoxedRows | null {
  if (pictures.every(({ boxes }) => boxes.length === 0)) return null;
  return pictures.flatMap(({ known, boxes }, picture) => {
    const ordered = smallestFirst(boxes);
    return Array.from(pixels.subarray(starts[picture], starts[picture + 1]), (pixel) => {
      if (known.data[pixel] !== UNLABELLED) return null;
      const [x, y] = [pixel % known.width, Math.floor(pixel / known.width)];
      const own = ordered.filter((box) => isInBox(box, x, y));
      const labels = new Set([0, ...own.map(({ label }) => label)]);
      const possible = [...labels].map((label) => labelOf.indexOf(label)).filter((place) => place !== -1);
      return { possible, isCore: own.length > 0 && isInCore(own[0]!, x, y) };
    });
  });
}
