import { type AxisSamples, samplesAt } from '../features/bilinear.ts';
import type { Level } from '../features/feature-layout.ts';
import { type TileReads, tileReads } from './tiles.ts';

/**
 * A map of resolution r, upsampled to `side`, is bilinear between lines at (k + ½)·side/r. Where these lines of several levels are all on
 * multiples of `step`, the sum of the levels is bilinear between the points of that grid: sampled there, the levels can be added once for the
 * picture, and a tile upsamples one map instead of each. Nothing changes but the rounding.
 */
export interface CoarseGrid {
  readonly levels: readonly Level[];
  /** Label pixels between two points; the first is on the picture's border. */
  readonly step: number;
  /** Points on a side. */
  readonly size: number;
}

/** Beyond it the grid, which has four times a level's samples, costs more than it spares. */
const COARSEST = 32;

/** The levels that share a grid; undefined where there are fewer than two. */
export function coarseGrid(levels: readonly Level[], side: number): CoarseGrid | undefined {
  const even = levels.filter(({ resolution }) => resolution <= COARSEST && side % (2 * resolution) === 0);
  const step = side / (2 * Math.max(...even.map(({ resolution }) => resolution)));
  const shared = even.filter(({ resolution }) => (side / (2 * resolution)) % step === 0);
  return shared.length < 2 ? undefined : { levels: shared, step, size: side / step + 1 };
}

/** What the points read of one of the levels, along an axis. */
export function levelReads({ step, size }: CoarseGrid, resolution: number, side: number): TileReads {
  const position = (point: number) => (point * step * resolution) / side - 0.5;
  return tileReads(resolution, [0], size, (_, count) => samplesAt(resolution, count, position));
}

/** What the label pixels start … start + count - 1 read of the grid. */
export function gridSamples({ step, size }: CoarseGrid, start: number, count: number): AxisSamples {
  return samplesAt(size, count, (i) => (start + i + 0.5) / step);
}
