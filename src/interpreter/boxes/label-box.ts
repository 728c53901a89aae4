import { BOXES } from '../recipe.ts';
import { type AnnotatedMap, UNLABELLED } from '../sampling/annotation.ts';
import type { Box } from './box.ts';

/** A box that somebody drew around a part: all of the part's pixels are in it, and which of its pixels these are is not known. */
export interface LabelBox extends Box {
  /** Index of the label; not the background. */
  readonly label: number;
}

/** Faces have noses: what a pixel in several boxes is first taken for is the label of the smallest one. */
export const smallestFirst = (boxes: readonly LabelBox[]): LabelBox[] => boxes.toSorted((a, b) => area(a) - area(b));

const area = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);

/** Whether a pixel is in the core of a box, where the box's part is most likely. */
export function isInCore({ left, top, right, bottom }: Box, x: number, y: number): boolean {
  const across = (2 * x + 1 - left - right) / (right - left);
  const down = (2 * y + 1 - top - bottom) / (bottom - top);
  return Math.hypot(across, down) <= BOXES.core;
}

/**
 * A first guess at what is in boxes: each unlabelled pixel has the label of the smallest box that it is in (Khoreva et al. 2017, "Simple Does It"). What is
 * in none stays unlabelled.
 */
export function guessInBoxes(map: AnnotatedMap, boxes: readonly LabelBox[]): AnnotatedMap {
  const data = map.data.slice();
  for (const { left, top, right, bottom, label } of smallestFirst(boxes).reverse())
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) if (map.data[y * map.width + x] === UNLABELLED) data[y * map.width + x] = label;
  return { ...map, data };
}
