import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import { headGraph, headInputs, vote } from '../ensemble/head-graph.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import type { TapSource } from '../features/sample-graph.ts';
import type { NetworkShape } from '../network-shape.ts';
import { concat, isLinearFirst, levelFeatures, tapSums } from './first-layer-sums.ts';
import { sideBySide, type Tiling, tileReads, tiling } from './tiles.ts';

/**
 * Image, labels and uncertainty in one graph: the generator, a linear map at each tap's own resolution, then tile by tile bilinear upsampling (two
 * products with banded matrices), the rest of the network, vote and Jensen-Shannon divergence. The linear map is the first layer of all members, or
 * the classifier's projection with the first layer after the upsampling (seenThrough). The hypercolumn of a whole picture (5.3 GB at 512 px,
 * D = 5056) never exists.
 *
 * Inputs: what `source` declares; per linear-first level `taps.r` [C, columns], for the others together `taps.top`; with `directions`, `w1`
 * [directions, E·H1]; headInputs. The weights are inputs so that a new version needs no new session.
 * Outputs: `labels` uint8 [tiles, pixels of a tile] and `divergence` float32, of the same shape, in nats; tiles row by row;
 * with `probe`, `logits` [tiles, E, pixels, K] too; `image` if the source has one.
 */
export function inferenceGraph(
  layout: FeatureLayout,
  shape: NetworkShape,
  source: (graph: GraphBuilder) => TapSource,
  options: { tile: number; directions: number | null; probe?: boolean },
): Model {
  const { members, hidden, classes } = shape;
  const tiles = tiling(layout.geometry, options.tile);
  const pixels = tiles.width * tiles.height;
  const count = tiles.lefts.length * tiles.tops.length;
  const g = new GraphBuilder('inference');
  const { taps, image } = source(g);
  if (image !== undefined) g.output(image, 'float32', undefined, 'image');
  headInputs(g, shape);
  const units = members * hidden[0];
  const { directions } = options;
  const stage: Stage = { g, layout, tiles, taps, columns: directions ?? units, ...(directions === null ? { bias: 'b1' } : {}) };
  if (directions !== null) g.input('w1', 'float32', [directions, units]);

  const b = g.subgraph('tile');
  const tile = b.input(b.unique('tile'), 'int64', []);
  const go = b.input(b.unique('go'), 'bool', []);
  const columns = g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(tiles.lefts.length)) });
  const at = { tile, row: b.op('Div', [tile, columns]), column: b.op('Mod', [tile, columns]) };
  const upsampled = featureFirst(stage, b, at, linearFirst(stage, b, at));
  const sums = directions === null ? upsampled : b.op('Gemm', [upsampled, 'w1', 'b1']);
  const logits = headGraph(b, sums, shape);
  const { labels, divergence } = vote(b, logits, shape);
  b.output(b.op('Identity', [go]), 'bool', []);
  b.output(labels, 'uint8', [pixels]);
  b.output(divergence, 'float32', [pixels]);
  if (options.probe === true) b.output(logits, 'float32', [members, pixels, classes]);

  const trips = g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(count)) });
  const always = g.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const outputs = g.ops('Loop', [trips, always], options.probe === true ? 3 : 2, { body: { g: b.graph() } });
  g.output(outputs[0]!, 'uint8', [count, pixels], 'labels');
  g.output(outputs[1]!, 'float32', [count, pixels], 'divergence');
  if (options.probe === true) g.output(outputs[2]!, 'float32', [count, members, pixels, classes], 'logits');
  return g.model();
}

interface Stage {
  readonly g: GraphBuilder;
  readonly layout: FeatureLayout;
  readonly tiles: Tiling;
  readonly taps: ReadonlyMap<string, string>;
  /** Numbers that a pixel's taps are turned into. */
  readonly columns: number;
  /** Added to them. */
  readonly bias?: string;
}

/** The tile that the loop is at. */
interface Place {
  readonly tile: string;
  /** Of the tiles' own rows and columns. */
  readonly row: string;
  readonly column: string;
}

/**
 * x·M of the low resolutions, upsampled to a tile: [pixels, columns]; undefined where there are none.
 * Per level, or for the coarsest together, Z = Sᵀ·M once for the picture; per tile its rows are upsampled, all are laid side by side,
 * and one product upsamples the columns and adds them.
 */
function linearFirst({ g, layout, tiles, taps, columns, bias }: Stage, b: GraphBuilder, at: Place): string | undefined {
  const { left, top } = layout.geometry;
  const maps = tapSums(g, layout, taps, columns, bias);
  if (maps.length === 0) return undefined;
  const columnReads = maps.map(({ size, samples }) =>
    tileReads(size, tiles.lefts, tiles.width, (start, count) => samples(left + start, count)),
  );
  const strips = maps.map(({ size, map, samples }, i) => {
    const rows = tileReads(size, tiles.tops, tiles.height, (start, count) => samples(top + start, count));
    const across = columnReads[i]!;
    const start = b.op('Gather', [perTile(g, tiles, (row, column) => [rows.starts[row]!, across.starts[column]!]), at.tile]);
    const end = b.op('Add', [start, g.int64(rows.length, across.length)]);
    const lines = b.op('Reshape', [
      b.op('Slice', [map, start, end, g.int64(0, 1)]),
      g.int64(rows.length, across.length * columns),
    ]);
    const matrix = g.float32([tiles.tops.length, tiles.height, rows.length], rows.matrices);
    const upsampled = b.op('MatMul', [b.op('Gather', [matrix, at.row]), lines]);
    return b.op('Reshape', [upsampled, g.int64(tiles.height, across.length, columns)]);
  });
  const strip = strips.length === 1 ? strips[0]! : b.op('Concat', strips, { axis: { i: 1 } });
  const { dims, data } = sideBySide(columnReads, tiles.width);
  const matrix = b.op('Gather', [g.float32(dims, data), at.column]);
  return b.op('Reshape', [b.op('MatMul', [matrix, strip]), g.int64(tiles.height * tiles.width, columns)]);
}

/** Adds x·M of the high resolutions, whose features are resampled to the label size first: [pixels, columns]. */
function featureFirst(
  { g, layout, tiles, taps, columns, bias }: Stage,
  b: GraphBuilder,
  { tile }: Place,
  upsampled: string | undefined,
): string {
  const { side, left, top } = layout.geometry;
  const levels = layout.levels.filter((level) => !isLinearFirst(level, layout));
  if (levels.length === 0) return upsampled!;
  const maps = levels.map((level) => {
    const features = levelFeatures(g, level, taps);
    return level.resolution === side ? features : resize(g, features, level.channels, side);
  });
  const channels = levels.reduce((sum, level) => sum + level.channels, 0);
  const weights = g.input('taps.top', 'float32', [channels, columns]);
  const map = g.op('Reshape', [concat(g, maps), g.int64(channels, side, side)]);
  const start = b.op('Gather', [perTile(g, tiles, (row, column) => [top + tiles.tops[row]!, left + tiles.lefts[column]!]), tile]);
  const part = b.op('Slice', [map, start, b.op('Add', [start, g.int64(tiles.height, tiles.width)]), g.int64(1, 2)]);
  const flat = b.op('Reshape', [part, g.int64(channels, tiles.height * tiles.width)]);
  const added = upsampled ?? bias;
  return b.op('Gemm', added === undefined ? [flat, weights] : [flat, weights, added], { transA: { i: 1 } });
}

/** Bilinear resampling to side × side as `axisSamples` defines it: half-pixel centres, no antialiasing. */
function resize(g: GraphBuilder, map: string, channels: number, side: number): string {
  return g.op('Resize', [map, '', '', g.int64(1, channels, side, side)], {
    mode: { s: 'linear' },
    coordinate_transformation_mode: { s: 'half_pixel' },
  });
}

/** A constant with some integers per tile: [tiles, n]. */
function perTile(g: GraphBuilder, tiles: Tiling, values: (row: number, column: number) => number[]): string {
  const all = tiles.tops.flatMap((_, row) => tiles.lefts.map((_, column) => values(row, column)));
  return g.constant({
    type: 'int64',
    dims: [all.length, all[0]!.length],
    data: BigInt64Array.from(all.flat(), BigInt),
  });
}
