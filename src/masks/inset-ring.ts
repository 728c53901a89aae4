import type { Ring } from './polygon-raster.ts';

/**
 * A ring along pixel edges (traceRing) moved by `distance` pixels, less than ½, into the pixels that it encloses. The pixels whose centres it
 * encloses stay the same, and each corner now lies within one of these pixels: readers that cut coordinates down to whole pixels find that very pixel.
 */
export function insetRing(ring: Ring, distance: number): Ring {
  return ring.map(([x, y], i) => {
    const [fromX, fromY] = ring[(i + ring.length - 1) % ring.length]!;
    const [toX, toY] = ring[(i + 1) % ring.length]!;
    // The inside is on the right hand: right of (dx, dy) is (−dy, dx).
    const dx = Math.sign(x - fromX) + Math.sign(toX - x);
    const dy = Math.sign(y - fromY) + Math.sign(toY - y);
    return [x - dy * distance, y + dx * distance] as const;
  });
}
