import { GraphBuilder } from '../onnx/graph-builder.ts';
import type { Model } from '../onnx/model.ts';
import { axisSamples } from './bilinear.ts';
import type { FeatureLayout, Level } from './feature-layout.ts';
import { headGraph, headInputs, vote } from './head-graph.ts';
import type { NetworkShape } from './network-shape.ts';
import type { TapSource } from './sample-graph.ts';

/** Pixels on a tile's side: 16 and 64 were slower (782, 719, 789 ms at 256 px). */
export const TILE = 32;

/** The labels are cut into tiles of `height` × `width`; the last of a row or column overlaps the one before where they do not divide. */
export interface Tiling {
  readonly width: number;
  readonly height: number;
  readonly lefts: readonly number[];
  readonly tops: readonly number[];
}

export function tiling(layout: FeatureLayout, tile = TILE): Tiling {
  const starts = (size: number, step: number) =>
    Array.from({ length: Math.ceil(size / step) }, (_, i) => Math.min(i * step, size - step));
  const width = Math.min(tile, layout.geometry.width);
  const height = Math.min(tile, layout.geometry.height);
  return { width, height, lefts: starts(layout.geometry.width, width), tops: starts(layout.geometry.height, height) };
}

/** The first layer is applied at a level's own resolution where that is cheaper than at the label's: W·up(S) = up(W·S). */
export function isLinearFirst(level: Level, layout: FeatureLayout): boolean {
  return 2 * level.resolution <= layout.geometry.side;
}

/**
 * Image, labels and uncertainty in one graph: the generator, the first layer of all members at each tap's own resolution, then tile by tile
 * bilinear upsampling (two products with banded matrices), the rest of the network, vote and Jensen-Shannon divergence. The hypercolumn of
 * a whole picture (5.2 GB at 512 px, D = 5056) never exists.
 *
 * Inputs: what `source` declares; per linear-first level `w1.r` [C, E·H1], for the others together `w1.top`; `b1` [1, E·H1];
 * `w2` [E, H1, H2]; `b2` [E, 1, H2]; `w3` [E, H2, K]; `b3` [E, 1, K]. So a new version needs no new session.
 * Outputs: `labels` uint8 [tiles, pixels of a tile] and `divergence` float32, of the same shape, in nats; tiles row by row;
 * with `probe`, `logits` [tiles, E, pixels, K] too; `image` if the source has one.
 */
export function inferenceGraph(
  layout: FeatureLayout,
  shape: NetworkShape,
  source: (graph: GraphBuilder) => TapSource,
  options: { tile?: number; probe?: boolean } = {},
): Model {
  const { members, hidden, classes } = shape;
  const first = members * hidden[0];
  const tiles = tiling(layout, options.tile);
  const { side, left, top } = layout.geometry;
  const g = new GraphBuilder('inference');
  const { taps, image } = source(g);
  if (image !== undefined) g.output(image, 'float32', undefined, 'image');
  headInputs(g, shape);

  const channels = (level: Level): string => {
    const own = level.taps.map((tap) => taps.get(tap.name)!);
    return own.length === 1 ? own[0]! : g.op('Concat', own, { axis: { i: 1 } });
  };
  const linearFirst = layout.levels.filter((level) => isLinearFirst(level, layout));
  const featureFirst = layout.levels.filter((level) => !isLinearFirst(level, layout));

  const projected = linearFirst.map((level, i) => {
    const { resolution: r } = level;
    const weights = g.input(`w1.${r}`, 'float32', [level.channels, first]);
    const flat = g.op('Reshape', [channels(level), g.int64(level.channels, r * r)]);
    // The upsampling weights of a pixel sum to 1, so the bias may be added before it, where it is cheapest.
    const product = g.op('Gemm', i === 0 ? [flat, weights, 'b1'] : [flat, weights], { transA: { i: 1 } });
    const rows = tileReads(r, side, top, tiles.tops, tiles.height);
    const columns = tileReads(r, side, left, tiles.lefts, tiles.width);
    return {
      value: g.op('Reshape', [product, g.int64(r, r, first)]),
      rows,
      columns,
      rowStarts: g.constant({ type: 'int64', dims: [rows.starts.length], data: BigInt64Array.from(rows.starts, BigInt) }),
      columnStarts: g.constant({
        type: 'int64',
        dims: [columns.starts.length],
        data: BigInt64Array.from(columns.starts, BigInt),
      }),
      rowMatrices: g.float32([rows.starts.length, tiles.height, rows.length], rows.matrices),
    };
  });
  const columnMatrices = sideBySide(
    projected.map(({ columns }) => columns),
    tiles.width,
  );
  const topFeatures = featureFirst.map((level) => {
    const resized = level.resolution === side ? channels(level) : resize(g, channels(level), side);
    return resized;
  });
  const topChannels = featureFirst.reduce((sum, level) => sum + level.channels, 0);
  const topValue =
    topChannels === 0
      ? undefined
      : g.op('Reshape', [
          topFeatures.length === 1 ? topFeatures[0]! : g.op('Concat', topFeatures, { axis: { i: 1 } }),
          g.int64(topChannels, side, side),
        ]);
  if (topChannels > 0) g.input('w1.top', 'float32', [topChannels, first]);
  const allColumnMatrices = projected.length === 0 ? undefined : g.float32(columnMatrices.dims, columnMatrices.data);
  const tileRow = tileNumbers(g, tiles, (_, row) => row);
  const tileColumn = tileNumbers(g, tiles, (column) => column);
  const tileTop = tileNumbers(g, tiles, (_, row) => top + tiles.tops[row]!);
  const tileLeft = tileNumbers(g, tiles, (column) => left + tiles.lefts[column]!);

  const b = g.subgraph('tile');
  const tile = b.input(b.unique('tile'), 'int64', []);
  const go = b.input(b.unique('go'), 'bool', []);
  const at = (values: string) => b.op('Gather', [values, tile]);
  const pick = (values: string, index: string) => b.op('Gather', [values, index]);
  const one = g.int64(1);
  const window = (
    value: string,
    start: readonly [string, string],
    size: readonly [number, number],
    axes: readonly [number, number],
  ) => {
    const starts = b.op('Concat', start, { axis: { i: 0 } });
    return b.op('Slice', [value, starts, b.op('Add', [starts, g.int64(...size)]), g.int64(...axes)]);
  };
  const asVector = (value: string) => b.op('Reshape', [value, one]);
  const [row, column] = [at(tileRow), at(tileColumn)];

  let hiddenUnits: string | undefined;
  if (allColumnMatrices !== undefined) {
    const strips = projected.map((level) => {
      const start = [asVector(pick(level.rowStarts, row)), asVector(pick(level.columnStarts, column))] as const;
      const part = window(level.value, start, [level.rows.length, level.columns.length], [0, 1]);
      const lines = b.op('Reshape', [part, g.int64(level.rows.length, level.columns.length * first)]);
      const upsampled = b.op('MatMul', [pick(level.rowMatrices, row), lines]);
      return b.op('Reshape', [upsampled, g.int64(tiles.height, level.columns.length, first)]);
    });
    const strip = strips.length === 1 ? strips[0]! : b.op('Concat', strips, { axis: { i: 1 } });
    const upsampled = b.op('MatMul', [pick(allColumnMatrices, column), strip]);
    hiddenUnits = b.op('Reshape', [upsampled, g.int64(tiles.height * tiles.width, first)]);
  }
  if (topValue !== undefined) {
    const part = window(topValue, [asVector(at(tileTop)), asVector(at(tileLeft))], [tiles.height, tiles.width], [1, 2]);
    const flat = b.op('Reshape', [part, g.int64(topChannels, tiles.height * tiles.width)]);
    hiddenUnits = b.op('Gemm', [flat, 'w1.top', hiddenUnits ?? 'b1'], { transA: { i: 1 } });
  }
  const logits = headGraph(b, hiddenUnits!, shape);
  const { labels, divergence } = vote(b, logits, shape);
  b.output(b.op('Identity', [go]), 'bool', []);
  b.output(labels, 'uint8', [tiles.height * tiles.width]);
  b.output(divergence, 'float32', [tiles.height * tiles.width]);
  if (options.probe === true) b.output(logits, 'float32', [members, tiles.height * tiles.width, classes]);

  const count = tiles.lefts.length * tiles.tops.length;
  const trips = g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(count)) });
  const always = g.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const outputs = g.ops('Loop', [trips, always], options.probe === true ? 3 : 2, { body: { g: b.graph() } });
  g.output(outputs[0]!, 'uint8', [count, tiles.height * tiles.width], 'labels');
  g.output(outputs[1]!, 'float32', [count, tiles.height * tiles.width], 'divergence');
  if (options.probe === true) g.output(outputs[2]!, 'float32', [count, members, tiles.height * tiles.width, classes], 'logits');
  return g.model();
}

/** Bilinear resampling of a square map to side × side, as `axisSamples` defines it. */
function resize(g: GraphBuilder, value: string, side: number): string {
  return g.op(
    'Resize',
    [
      value,
      '',
      '',
      g.op('Concat', [g.op('Slice', [g.op('Shape', [value]), g.int64(0), g.int64(2)]), g.int64(side, side)], { axis: { i: 0 } }),
    ],
    {
      mode: { s: 'linear' },
      coordinate_transformation_mode: { s: 'half_pixel' },
    },
  );
}

interface TileReads {
  /** Samples that a tile reads along this axis, the same for all tiles. */
  readonly length: number;
  /** First sample of each tile. */
  readonly starts: readonly number[];
  /** [tiles, outputs, length]: each row holds the two weights of one output. */
  readonly matrices: Float32Array;
}

function tileReads(size: number, side: number, origin: number, tileStarts: readonly number[], outputs: number): TileReads {
  const reads = tileStarts.map((start) => axisSamples(size, side, origin + start, outputs));
  const length = Math.max(...reads.map(({ low, high }) => high[outputs - 1]! - low[0]! + 1));
  const starts = reads.map(({ low }) => Math.min(low[0]!, size - length));
  const matrices = new Float32Array(reads.length * outputs * length);
  for (const [tile, { low, high, fraction }] of reads.entries()) {
    for (let i = 0; i < outputs; i++) {
      const line = (tile * outputs + i) * length - starts[tile]!;
      matrices[line + low[i]!]! += 1 - fraction[i]!;
      matrices[line + high[i]!]! += fraction[i]!;
    }
  }
  return { length, starts, matrices };
}

/** The matrices of all levels beside each other: [tiles, outputs, Σ length], so that one product upsamples and adds them. */
function sideBySide(reads: readonly TileReads[], outputs: number): { dims: number[]; data: Float32Array } {
  const tiles = reads[0]?.starts.length ?? 0;
  const total = reads.reduce((sum, { length }) => sum + length, 0);
  const data = new Float32Array(tiles * outputs * total);
  let offset = 0;
  for (const { length, matrices } of reads) {
    for (let line = 0; line < tiles * outputs; line++)
      data.set(matrices.subarray(line * length, (line + 1) * length), line * total + offset);
    offset += length;
  }
  return { dims: [tiles, outputs, total], data };
}

function tileNumbers(g: GraphBuilder, tiles: Tiling, number: (column: number, row: number) => number): string {
  const values = tiles.tops.flatMap((_, row) => tiles.lefts.map((_, column) => BigInt(number(column, row))));
  return g.constant({ type: 'int64', dims: [values.length], data: BigInt64Array.from(values) });
}
