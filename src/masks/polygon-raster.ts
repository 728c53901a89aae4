/** A ring of corners in pixels (x to the right, y down; pixel (0, 0) covers 0 … 1), closed from the last corner to the first. */
export type Ring = readonly (readonly [x: number, y: number])[];

/**
 * The pixels whose centre (x + ½, y + ½) lies inside the ring by the even-odd rule, so a ring that crosses itself has holes. Edges on a centre
 * belong to the pixel on their right or below, so that neighbouring polygons share no pixel and leave none out. Parts outside the picture are cut off.
 *
 * @returns width × height bytes, 1 inside, 0 outside
 */
export function rasterizePolygon(ring: Ring, width: number, height: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(width * height);
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const [, y] of ring) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const firstRow = Math.max(0, Math.ceil(top - 0.5));
  const lastRow = Math.min(height - 1, Math.ceil(bottom - 0.5) - 1);
  for (let row = firstRow; row <= lastRow; row++) {
    const crossings = crossingsAt(ring, row + 0.5);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i]! - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1]! - 0.5));
      if (to > from) mask.fill(1, row * width + from, row * width + to);
    }
  }
  return mask;
}

/** x of every edge that crosses the horizontal line at y, ascending. */
function crossingsAt(ring: Ring, y: number): number[] {
  const crossings: number[] = [];
  let [x0, y0] = ring[ring.length - 1]!;
  for (const [x1, y1] of ring) {
    if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    x0 = x1;
    y0 = y1;
  }
  return crossings.sort((a, b) => a - b);
}
