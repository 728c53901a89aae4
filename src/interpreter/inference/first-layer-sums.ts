import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { type AxisSamples, axisSamples } from '../features/bilinear.ts';
import type { FeatureLayout, Level } from '../features/feature-layout.ts';
import { coarseGrid, gridSamples, levelReads } from './coarse-grid.ts';
import { sideBySide } from './tiles.ts';

/** First-layer sums on a square of points: [size, size, E·H1]. */
export interface FirstLayerSums {
  readonly size: number;
  readonly map: string;
  /** What the label pixels start … start + count - 1 of the whole picture read of it, along an axis. */
  readonly samples: (start: number, count: number) => AxisSamples;
}

/** The first layer is applied at a level's own resolution where that is cheaper than at the label's: W·up(S) = up(W·S). */
export function isLinearFirst(level: Level, layout: FeatureLayout): boolean {
  return 2 * level.resolution <= layout.geometry.side;
}

/**
 * The linear-first levels' Z = Sᵀ·W1, those of the coarsest added up where they share a grid. Their upsampled values add up to the first
 * layer of these levels, bias included.
 * units: E·H1; inputs declared: `w1.r` [C, E·H1] per level
 */
export function firstLayerSums(
  g: GraphBuilder,
  layout: FeatureLayout,
  taps: ReadonlyMap<string, string>,
  units: number,
): FirstLayerSums[] {
  const { side } = layout.geometry;
  const levels = layout.levels.filter((level) => isLinearFirst(level, layout));
  const alone = levels.map((level, i): FirstLayerSums => {
    const { resolution: size, channels } = level;
    const weights = g.input(`w1.${size}`, 'float32', [channels, units]);
    const flat = g.op('Reshape', [levelFeatures(g, level, taps), g.int64(channels, size * size)]);
    // The upsampling weights of a pixel sum to 1, so the bias may be added before it, where it is cheapest.
    const product = g.op('Gemm', i === 0 ? [flat, weights, 'b1'] : [flat, weights], { transA: { i: 1 } });
    const map = g.op('Reshape', [product, g.int64(size, size, units)]);
    return { size, map, samples: (start, count) => axisSamples(size, side, start, count) };
  });
  const grid = coarseGrid(levels, side);
  if (grid === undefined) return alone;
  const { size } = grid;
  const coarse = alone.filter((_, i) => grid.levels.includes(levels[i]!));
  const reads = coarse.map(({ size: resolution }) => levelReads(grid, resolution, side));
  const rows = coarse.map(({ size: r, map }, i) => {
    const lines = g.op('Reshape', [map, g.int64(r, r * units)]);
    return g.op('Reshape', [g.op('MatMul', [g.float32([size, r], reads[i]!.matrices), lines]), g.int64(size, r, units)]);
  });
  const { dims, data } = sideBySide(reads, size);
  const map = g.op('MatMul', [g.float32(dims, data), g.op('Concat', rows, { axis: { i: 1 } })]);
  const together: FirstLayerSums = { size, map, samples: (start, count) => gridSamples(grid, start, count) };
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
