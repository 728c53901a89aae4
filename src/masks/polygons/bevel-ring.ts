import type { Ring } from './polygon-raster.ts';

/**
 * A ring along pixel edges (outerRing) with half a pixel cut off at each corner. It encloses the same pixel centres, but its corners are on the edge
 * that the staircase stands for, not beside it: simplified, it needs a third of the corners for the same error.
 */
export function bevelRing(ring: Ring): Ring {
  return ring.flatMap(([x0, y0], i) => {
    const [x1, y1] = ring[(i + 1) % ring.length]!;
    const dx = Math.sign(x1 - x0) / 2;
    const dy = Math.sign(y1 - y0) / 2;
    const first = [x0 + dx, y0 + dy] as const;
    const isUnit = Math.abs(x1 - x0) + Math.abs(y1 - y0) === 1;
    return isUnit ? [first] : [first, [x1 - dx, y1 - dy] as const];
  });
}
