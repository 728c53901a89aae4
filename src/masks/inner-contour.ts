import type { Ring } from './polygon-raster.ts';

/** How far corners lie from the centres of their pixels, towards the outside, in pixels. */
const OUTWARD = 0.25;

/**
 * A ring along pixel edges (traceRing) drawn through the pixels inside it instead, as contour tracing does, a quarter pixel outside their centres:
 * a diagonal edge is straight, not a staircase. It encloses the same pixel centres; and each corner lies within a pixel of the piece, so that a reader
 * that cuts coordinates down to whole pixels finds that very pixel.
 */
export function innerContour(ring: Ring): Ring {
  return ring.flatMap(([x, y], i) => {
    const [fromX, fromY] = ring[(i + ring.length - 1) % ring.length]!;
    const [toX, toY] = ring[(i + 1) % ring.length]!;
    const [inX, inY] = [Math.sign(x - fromX), Math.sign(y - fromY)];
    const [outX, outY] = [Math.sign(toX - x), Math.sign(toY - y)];
    // The inside is on the right hand: right of (dx, dy) is (−dy, dx). Last pixel along the edge that ends here, first along the one that begins.
    const last = [x - inX / 2 - inY / 2, y - inY / 2 + inX / 2] as const;
    const first = [x + outX / 2 - outY / 2, y + outY / 2 + outX / 2] as const;
    const isConvex = inX * outY - inY * outX > 0;
    if (isConvex) return [[last[0] + (inY + outY) * OUTWARD, last[1] - (inX + outX) * OUTWARD] as const];
    return [
      [last[0] + inY * OUTWARD, last[1] - inX * OUTWARD] as const,
      [first[0] + outY * OUTWARD, first[1] - outX * OUTWARD] as const,
    ];
  });
}
