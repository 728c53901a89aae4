import type { Ring } from './polygon-raster.ts';

/** How far corners are from the centres of their pixels, towards the outside, in pixels. */
const OUTWARD = 0.25;

/**
 * A ring along pixel edges (traceRing) drawn through the pixels inside it instead, as contour tracing does, a quarter pixel outside their centres:
 * a diagonal edge is straight, not a staircase. It encloses the same pixel centres; and each corner is within a pixel of the piece, so that a reader
 * that cuts coordinates down to whole pixels finds that very pixel.
 */
export function innerContour(ring: Ring): Ring {
  const contour: (readonly [x: number, y: number])[] = [];
  const { length } = ring;
  let [fromX, fromY] = ring[length - 1]!;
  for (let i = 0; i < length; i++) {
    const [x, y] = ring[i]!;
    const [toX, toY] = ring[i + 1 === length ? 0 : i + 1]!;
    const inX = Math.sign(x - fromX);
    const inY = Math.sign(y - fromY);
    const outX = Math.sign(toX - x);
    const outY = Math.sign(toY - y);
    // The inside is on the right hand: right of (dx, dy) is (−dy, dx). Last pixel along the edge that ends here, first along the one that begins.
    const lastX = x - inX / 2 - inY / 2;
    const lastY = y - inY / 2 + inX / 2;
    const isConvex = inX * outY - inY * outX > 0;
    if (isConvex) contour.push([lastX + (inY + outY) * OUTWARD, lastY - (inX + outX) * OUTWARD]);
    else {
      const firstX = x + outX / 2 - outY / 2;
      const firstY = y + outY / 2 + outX / 2;
      contour.push([lastX + inY * OUTWARD, lastY - inX * OUTWARD], [firstX + outY * OUTWARD, firstY - outX * OUTWARD]);
    }
    fromX = x;
    fromY = y;
  }
  return contour;
}
