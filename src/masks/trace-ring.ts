import type { Ring } from './polygon-raster.ts';

/** Steps along pixel edges: right, down, left, up (clockwise on the screen). */
const STEP = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * Follows the pixel edges between what is inside and what is not, with the inside on the right hand, from the top left corner of pixel
 * (startX, startY), where the boundary must turn, to the right until it is there again; a corner wherever it turns. An outer boundary runs clockwise, that of a hole the other way.
 * Where two pixels touch by a corner only, the turn is to the right: pieces are 4-connected.
 * @param inside whether a pixel is inside; asked beyond the picture too
 * @param onTop hears of every pixel whose top edge was passed
 */
export function traceRing(
  inside: (x: number, y: number) => boolean,
  startX: number,
  startY: number,
  onTop: (x: number, y: number) => void = () => undefined,
): Ring {
  const ring: [number, number][] = [];
  let x = startX;
  let y = startY;
  let direction = 0;
  let turn = 1;
  do {
    if (turn !== 0) ring.push([x, y]);
    if (direction === 0) onTop(x, y);
    const [dx, dy] = STEP[direction]!;
    x += dx;
    y += dy;
    turn = turnAt(inside, x, y, dx, dy);
    direction = (direction + turn + 4) % 4;
  } while (x !== startX || y !== startY || direction !== 0);
  return ring;
}

/** -1: turn left, 0: go on, 1: turn right. */
function turnAt(inside: (x: number, y: number) => boolean, x: number, y: number, dx: number, dy: number): -1 | 0 | 1 {
  // The pixels ahead of the corner (x, y), left and right of the way.
  const aheadRight = inside(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2);
  if (!aheadRight) return 1;
  const aheadLeft = inside(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
  return aheadLeft ? -1 : 0;
}
