import type { Components } from '../components.ts';
import type { LabelMap } from '../label-map.ts';
import type { Ring } from './polygon-raster.ts';

/** Steps along pixel edges: right, down, left, up (clockwise on the screen). */
const STEP_X = [1, 0, -1, 0] as const;
const STEP_Y = [0, 1, 0, -1] as const;

export interface TracedPiece extends Pick<Components, 'ids'>, Pick<LabelMap, 'width' | 'height'> {
  /** Index of the piece. */
  readonly id: number;
}

/**
 * Follows the pixel edges between a piece and what is around it, with the piece on the right hand, from the top left corner of pixel
 * (startX, startY), where the boundary must turn, to the right until it is there again; a corner wherever it turns. An outer boundary runs
 * clockwise, that of a hole the other way.
 * Where two pixels touch by a corner only, the turn is to the right: pieces are 4-connected.
 * @param passed set to 1 at every pixel whose top edge was passed
 */
export function traceRing({ ids, id, width, height }: TracedPiece, startX: number, startY: number, passed?: Uint8Array): Ring {
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && ids[y * width + x] === id;
  const ring: [number, number][] = [];
  let x = startX;
  let y = startY;
  let direction = 0;
  let turns = true;
  do {
    if (turns) ring.push([x, y]);
    if (direction === 0 && passed !== undefined) passed[y * width + x] = 1;
    const dx = STEP_X[direction]!;
    const dy = STEP_Y[direction]!;
    x += dx;
    y += dy;
    // The pixels ahead of the corner (x, y), right and left of the way.
    if (!inside(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2)) direction = (direction + 1) & 3;
    else if (inside(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2)) direction = (direction + 3) & 3;
    turns = dx !== STEP_X[direction] || dy !== STEP_Y[direction];
  } while (x !== startX || y !== startY || direction !== 0);
  return ring;
}
