import { SLIP_LEAST, SLIP_PIXELS } from '../recipe.ts';
import { type AnnotatedMap, countLabels, isSparse, UNLABELLED } from './annotation.ts';

/** Fewer pixels of a label than this in one picture are a slip of the brush: 30·(side/512)², at least 4. */
export function slipThreshold({ width, height }: Pick<AnnotatedMap, 'width' | 'height'>): number {
  const side = Math.max(width, height);
  return Math.max(SLIP_LEAST, SLIP_PIXELS * (side / 512) ** 2);
}

export interface WithoutSlips {
  readonly map: AnnotatedMap;
  readonly dropped: readonly { readonly label: number; readonly pixels: number }[];
}

/**
 * Marks the pixels of labels that have too few of them as unlabelled. Background is never a slip: nobody paints it by accident. Nor is anything among
 * strokes, where a short one may be all that a picture says of a small part.
 */
export function withoutSlips(map: AnnotatedMap, classes: number): WithoutSlips {
  if (isSparse(map)) return { map, dropped: [] };
  const least = slipThreshold(map);
  const dropped = [...countLabels(map.data, classes).entries()]
    .filter(([label, pixels]) => label > 0 && pixels > 0 && pixels < least)
    .map(([label, pixels]) => ({ label, pixels }));
  if (dropped.length === 0) return { map, dropped };
  const slip = new Set(dropped.map(({ label }) => label));
  return { map: { ...map, data: map.data.map((label) => (slip.has(label) ? UNLABELLED : label)) }, dropped };
}
