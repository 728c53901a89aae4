import { DatasetGanError } from '../../errors.ts';

/** A ring of corners in pixels (x to the right, y down; pixel (0, 0) covers 0 … 1), closed from the last corner to the first. */
export type Ring = readonly (readonly [x: number, y: number])[];

/** Edges × rows that they cross: two seconds of work. The contour of something drawn has a thousandth of it. */
const MOST_CROSSINGS = 100_000_000;

/** The rows of a picture that a shape is in. */
export interface FilledRows {
  /** Index in the picture of the first pixel of `mask`: that of a row's beginning. */
  readonly start: number;
  /** Whole rows, a byte a pixel: 1 inside, 0 outside. Empty for a shape that has no pixel. */
  readonly mask: Uint8Array<ArrayBuffer>;
}

/**
 * The pixels whose centre (x + ½, y + ½) is inside the ring by the even-odd rule, so a ring that crosses itself has holes. Edges on a centre
 * belong to the pixel on their right or below, so that neighbouring polygons share no pixel and leave none out. Parts outside the picture are cut off.
 *
 * Each edge flips the pixel behind its crossing with each row's line of centres; a pixel is inside where the flips up to it are odd. The work is that
 * of the crossings there are and of the rows between the highest and the lowest, whatever the number of corners and the size of the picture.
 *
 * @param width, height size of the picture in pixels
 * @throws DatasetGanError `bad-annotation` when its edges go up and down too often to be a contour
 */
export function rasterizePolygon(ring: Ring, width: number, height: number): FilledRows {
  let [firstRow, lastRow, crossings] = [height, -1, 0];
  forEachEdge(ring, height, (_, from, to) => {
    firstRow = Math.min(firstRow, from);
    lastRow = Math.max(lastRow, to);
    crossings += to - from + 1;
  });
  if (crossings > MOST_CROSSINGS)
    throw new DatasetGanError(
      'bad-annotation',
      `The polygon is too complex: its edges cross the rows of the picture ${crossings} times.`,
    );
  if (lastRow < firstRow) return { start: 0, mask: new Uint8Array(0) };
  const mask = new Uint8Array(width * (lastRow + 1 - firstRow));
  forEachEdge(ring, height, ([x0, y0, x1, y1], from, to) => {
    for (let row = from; row <= to; row++) {
      const x = x0 + ((row + 0.5 - y0) / (y1 - y0)) * (x1 - x0);
      const pixel = Math.max(0, Math.ceil(x - 0.5));
      if (pixel < width) mask[(row - firstRow) * width + pixel]! ^= 1;
    }
  });
  for (let start = 0; start < mask.length; start += width) {
    for (let pixel = start + 1; pixel < start + width; pixel++) mask[pixel]! ^= mask[pixel - 1]!;
  }
  return { start: firstRow * width, mask };
}

type Edge = readonly [x0: number, y0: number, x1: number, y1: number];

/** Edges that cross the centres of some rows of the picture, with the first and the last of them. */
function forEachEdge(ring: Ring, height: number, visit: (edge: Edge, firstRow: number, lastRow: number) => void): void {
  let [x0, y0] = ring[ring.length - 1]!;
  for (const [x1, y1] of ring) {
    const first = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5));
    const last = Math.min(height - 1, Math.ceil(Math.max(y0, y1) - 0.5) - 1);
    if (first <= last) visit([x0, y0, x1, y1], first, last);
    x0 = x1;
    y0 = y1;
  }
}
