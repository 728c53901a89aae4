import type { Component, Components } from './components.ts';
import type { Ring } from './polygon-raster.ts';

/** Steps along pixel edges: right, down, left, up (clockwise on the screen). */
const STEP = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * The outer boundary of a connected component along its pixel edges, clockwise, with a corner wherever it turns. Rasterised again
 * (rasterizePolygon) it gives exactly the component with its holes filled.
 */
export function outerRing(pieces: Components, component: Component, width: number, height: number): Ring {
  const { ids } = pieces;
  const id = ids[component.first]!;
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && ids[y * width + x] === id;

  const startX = component.first % width;
  const startY = Math.floor(component.first / width);
  const ring: [number, number][] = [];
  // From the top left corner of the first pixel to the right: the component is on the right hand all the way round.
  let x = startX;
  let y = startY;
  let direction = 0;
  do {
    ring.push([x, y]);
    do {
      const [dx, dy] = STEP[direction]!;
      x += dx;
      y += dy;
    } while (turnAt(inside, x, y, direction) === 0);
    direction = (direction + turnAt(inside, x, y, direction) + 4) % 4;
  } while (x !== startX || y !== startY || direction !== 0);
  return ring;
}

/** -1: turn left, 0: go on, 1: turn right. Where two pixels touch by a corner only, the turn is to the right: pieces are 4-connected. */
function turnAt(inside: (x: number, y: number) => boolean, x: number, y: number, direction: number): -1 | 0 | 1 {
  const [dx, dy] = STEP[direction]!;
  // The pixels ahead of the corner (x, y), left and right of the way.
  const aheadRight = inside(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2);
  if (!aheadRight) return 1;
  const aheadLeft = inside(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
  return aheadLeft ? -1 : 0;
}
