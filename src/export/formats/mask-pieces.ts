import type { Component } from '../../masks/components.ts';
import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';

/** [x, y, width, height] in pixels, as COCO has it. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** Whether a piece of a label map is an object: neither background nor to be ignored. */
export const isObject = ({ label }: Pick<Component, 'label'>): boolean => label !== 0 && label !== UNKNOWN;

/** The smallest box around each of `count` numbered sets of pixels. `ids` beyond them are ignored. */
export function boxes(
  ids: Uint32Array | Uint8Array,
  count: number,
  { width, height }: Pick<LabelMap, 'width' | 'height'>,
): Box[] {
  const left = new Uint32Array(count).fill(width);
  const top = new Uint32Array(count).fill(height);
  const right = new Uint32Array(count);
  const bottom = new Uint32Array(count);
  for (let y = 0, row = 0; y < height; y++, row += width) {
    for (let x = 0, end = 0; x < width; x = end) {
      const id = ids[row + x]!;
      for (end = x + 1; end < width && ids[row + end] === id; ) end++;
      if (id >= count) continue;
      if (x < left[id]!) left[id] = x;
      if (y < top[id]!) top[id] = y;
      if (end > right[id]!) right[id] = end;
      if (y >= bottom[id]!) bottom[id] = y + 1;
    }
  }
  return Array.from(left, (x, id) => [x, top[id]!, Math.max(0, right[id]! - x), Math.max(0, bottom[id]! - top[id]!)] as const);
}
