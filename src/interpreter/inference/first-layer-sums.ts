import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { type AxisSamples, axisSamples } from '../features/bilinear.ts';
import type { FeatureLayout, Level } from '../features/feature-layout.ts';
import { coarseGrid, gridSamples, levelReads } from './coarse-grid.ts';
import { sideBySide } from './tiles.ts';

/** What taps are turned into, on a square of points: [size, size, columns]. */
export interface TapSums {
  readonly size: number;
  readonly map: string;
  /** What the label pixels start … start + count - 1 of the whole picture read of it, along an axis. */
  readonly samples: (start: number, count: number) => AxisSamples;
}

/** A linear map is applied at a level's own resolution where that is cheaper than at the label's: M·up(S) = up(M·S). */
export function isLinearFirst(level: Level, layout: FeatureLayout): boolean {
  return 2 * level.resolution <= layout.geometry.side;
}

/**
 * The linear-first levels' Z = Sᵀ·M, those of the coarsest added up where they share a grid. Their upsampled values add up to these levels' part of
 * x·M, `bias` included if there is one.
 * Inputs declared: `taps.r` [C, columns] per level, the level's rows of M
 */
export function tapSums(
  g: GraphBuilder,
  layout: FeatureLayout,
  taps: ReadonlyMap<string, string>,
  columns: number,
  bias?: string,
): TapSums[] {
  const { side } = layout.geometry;
  const levels = layout.levels.filter((level) => isLinearFirst(level, layout));
  const alone = levels.map((level, i): TapSums => {
    const { resolution: size, channels } = level;
    const weights = g.input(`taps.${size}`, 'float32', [channels, columns]);
    const flat = g.op('Reshape', [levelFeatures(g, level, taps), g.int64(channels, size * size)]);
    // The upsampling weights of a pixel sum to 1, so the bias may be added before it, where it is cheapest.
    const product = g.op('Gemm', i === 0 && bias !== undefined ? [flat, weights, bias] : [flat, weights], { transA: { i: 1 } });
    const map = g.op('Reshape', [product, g.int64(size, size, columns)]);
    return { size, map, samples: (start, count) => axisSamples(size, side, start, count) };
  });
  const grid = coarseGrid(levels, side);
  if (grid === undefined) return alone;
  const { size } = grid;
  const coarse = alone.filter((_, i) => grid.levels.includes(levels[i]!));
  const reads = coarse.map(({ size: resolution }) => levelReads(grid, resolution, side));
  const rows = coarse.map(({ size: r, map }, i) => {
    const lines = g.op('Reshape', [map, g.int64(r, r * columns)]);
    return g.op('Reshape', [g.op('MatMul', [g.float32([size, r], reads[i]!.matrices), lines]), g.int64(size, r, columns)]);
  });
  const { dims, data } = sideBySide(reads, size);
  const map = g.op('MatMul', [g.float32(dims, data), g.op('Concat', rows, { axis: { i: 1 } })]);
  const together: TapSums = { size, map, samples: (start, count) => gridSamples(grid, start, count) };
  return [together, ...alone.filter((sums) => !coarse.includes(sums))];
}

/** A level's taps as one map [1, C, r, r]. */
export function levelFeatures(g: GraphBuilder, { taps }: Level, values: ReadonlyMap<string, string>): string {
  return concat(
    g,
    taps.map(({ name }) => values.get(name)!),
  );
}

export function concat(g: GraphBuilder, maps: readonly string[]): string {
  return maps.length === 1 ? maps[0]! : g.op('Concat', maps, { axis: { i: 1 } });
}
