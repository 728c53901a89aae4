import type { LabelBox } from '../../src/interpreter/boxes/label-box.ts';
import type { Random } from '../../src/interpreter/learning/random.ts';
import { labelledRegions } from '../../src/interpreter/sampling/regions.ts';
import { type LabelMap, UNKNOWN } from '../../src/masks/label-map.ts';

/** Pieces with fewer pixels than this get no box. */
const SPECK_PIXELS = 12;
/** A hand leaves up to this many pixels free on each side. */
const LOOSE_PIXELS = 2;

/** Boxes as somebody draws them whose parts are known: one around each piece of each part, loosely. */
export function drawBoxes(truth: LabelMap, random: Random): LabelBox[] {
  const { width, height, data } = truth;
  const { count, region } = labelledRegions({ ...truth, data: data.map((label) => (label === 0 ? UNKNOWN : label)) });
  const pieces = Array.from({ length: count }, () => ({ label: 0, pixels: 0, left: width, top: height, right: 0, bottom: 0 }));
  for (const [pixel, piece] of region.entries()) {
    if (piece === -1) continue;
    const own = pieces[piece]!;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    own.label = data[pixel]!;
    own.pixels++;
    own.left = Math.min(own.left, x);
    own.right = Math.max(own.right, x + 1);
    own.top = Math.min(own.top, y);
    own.bottom = Math.max(own.bottom, y + 1);
  }
  const loose = () => random.below(LOOSE_PIXELS + 1);
  return pieces
    .filter(({ pixels }) => pixels >= SPECK_PIXELS)
    .map(({ label, left, top, right, bottom }) => ({
      label,
      left: Math.max(0, left - loose()),
      top: Math.max(0, top - loose()),
      right: Math.min(width, right + loose()),
      bottom: Math.min(height, bottom + loose()),
    }));
}

/** The label map of a picture with boxes: background outside of them, unknown inside. */
export function outsideBoxes({ width, height }: LabelMap, boxes: readonly LabelBox[]): LabelMap {
  const data = new Uint8Array(width * height);
  for (const { left, top, right, bottom } of boxes)
    for (let y = top; y < bottom; y++) data.fill(UNKNOWN, y * width + left, y * width + right);
  return { width, height, data };
}
