import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import { firstLayer, type HeadValues, headGraph, headInputs, meanHeat, perMember, vote } from '../ensemble/head-graph.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import type { TapSource } from '../features/sample-graph.ts';
import type { NetworkShape } from '../network-shape.ts';
import { concat, isLinearFirst, levelFeatures, tapSums } from './first-layer-sums.ts';
import { sideBySide, type Tiling, tileReads, tiling } from './tiles.ts';

/** An ensemble in the graph. */
export interface HeadPlan {
  readonly shape: NetworkShape;
  /** What `seenThrough` says of its classifier. */
  readonly directions: number | null;
}

/** Numbers that a pixel's taps are turned into for a head. */
export const columnsOf = ({ shape, directions }: HeadPlan): number => directions ?? shape.members * shape.hidden[0];

/** A version's heads; one of them may be missing. */
export interface HeadPlans {
  readonly masks?: HeadPlan | undefined;
  readonly keypoints?: HeadPlan | undefined;
}

/** Names of the keypoint head's inputs begin with it. */
export const KEYPOINT_PREFIX = 'keypoints.';

/**
 * Image, labels, uncertainty and keypoints in one graph: the generator, a linear map at each tap's own resolution, then tile by tile bilinear upsampling
 * (two products with banded matrices), the rest of the networks, vote and Jensen-Shannon divergence, and the mean heat. The linear map is the first layer
 * of all members, or the classifier's projection with the first layer after the upsampling (seenThrough). Two heads read the features once: their maps are
 * columns beside each other. The hypercolumn of a whole picture (5.3 GB at 512 px, D = 5056) never exists.
 *
 * Inputs: what `source` declares; per linear-first level `taps.r` [C, columns], for the others together `taps.top`; per head with `directions`, `w1`
 * [directions, E·H1]; headInputs. The names of the keypoint head's have KEYPOINT_PREFIX. The weights are inputs so that a new version needs no new session.
 * Outputs, tiles row by row: of the masks `labels` uint8 [tiles, pixels of a tile] and `divergence` float32, of the same shape, in nats; with `probe`,
 * `logits` [tiles, E, K, pixels] too, and with `probabilities` the members' mean softmax [tiles, K, pixels]. Of the keypoints `heat` [tiles, K, pixels],
 * and of each member's warmest pixel in the tile `peaks` [tiles, E, K] and `at` int64, of the same shape. `image` if the source has one.
 */
export function inferenceGraph(
  layout: FeatureLayout,
  heads: HeadPlans,
  source: (graph: GraphBuilder) => TapSource,
  options: { tile: number; probe?: boolean; probabilities?: boolean },
): Model {
  const tiles = tiling(layout.geometry, options.tile);
  const pixels = tiles.width * tiles.height;
  const count = tiles.lefts.length * tiles.tops.length;
  const g = new GraphBuilder('inference');
  const { taps, image } = source(g);
  if (image !== undefined) g.output(image, 'float32', undefined, 'image');
  const all = [
    ...(heads.masks === undefined ? [] : [placed(g, heads.masks, '')]),
    ...(heads.keypoints === undefined ? [] : [placed(g, heads.keypoints, KEYPOINT_PREFIX)]),
  ];
  const columns = all.reduce((sum, head) => sum + head.columns, 0);
  const bias = biasOf(g, all);
  const stage: Stage = { g, layout, tiles, taps, columns, ...(bias === undefined ? {} : { bias }) };

  const b = g.subgraph('tile');
  const tile = b.input(b.unique('tile'), 'int64', []);
  const go = b.input(b.unique('go'), 'bool', []);
  const tileColumns = g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(tiles.lefts.length)) });
  const at = { tile, row: b.op('Div', [tile, tileColumns]), column: b.op('Mod', [tile, tileColumns]) };
  const upsampled = featureFirst(stage, b, at, linearFirst(stage, b, at));
  b.output(b.op('Identity', [go]), 'bool', []);
  const outputs: { name: string; type: 'uint8' | 'float32' | 'int64'; dims: number[] }[] = [];
  const give = (value: string, name: string, type: 'uint8' | 'float32' | 'int64', dims: number[]) => {
    b.output(value, type, dims);
    outputs.push({ name, type, dims });
  };
  for (const [i, { shape, prefix, w1, values, columns: own }] of all.entries()) {
    const start = all.slice(0, i).reduce((sum, head) => sum + head.columns, 0);
    const part = own === columns ? upsampled : b.op('Slice', [upsampled, g.int64(start), g.int64(start + own), g.int64(1)]);
    const { members, classes } = shape;
    const sums = w1 === undefined ? perMember(b, part, members, 1) : firstLayer(b, part, w1, values);
    const logits = headGraph(b, sums, shape, values);
    if (prefix === KEYPOINT_PREFIX) {
      const { heat, peaks, at: warmest } = meanHeat(b, logits, shape);
      give(heat, 'heat', 'float32', [classes, pixels]);
      give(peaks, 'peaks', 'float32', [members, classes]);
      give(warmest, 'at', 'int64', [members, classes]);
      continue;
    }
    const { labels, divergence, probabilities } = vote(b, logits, shape);
    give(labels, 'labels', 'uint8', [pixels]);
    give(divergence, 'divergence', 'float32', [pixels]);
    if (options.probabilities === true)
      give(b.op('Reshape', [probabilities, g.int64(classes, -1)]), 'probabilities', 'float32', [classes, pixels]);
    if (options.probe === true) give(logits, 'logits', 'float32', [members, classes, pixels]);
  }

  const trips = g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(count)) });
  const always = g.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const scanned = g.ops('Loop', [trips, always], outputs.length, { body: { g: b.graph() } });
  for (const [i, { name, type, dims }] of outputs.entries()) g.output(scanned[i]!, type, [count, ...dims], name);
  return g.model();
}

interface PlacedHead extends HeadPlan {
  readonly prefix: string;
  /** Of `columnsOf`. */
  readonly columns: number;
  readonly values: HeadValues;
  /** Each member's first layer [directions, H1], where it comes after the upsampling. */
  readonly w1: readonly string[] | undefined;
}

function placed(g: GraphBuilder, head: HeadPlan, prefix: string): PlacedHead {
  const { shape, directions } = head;
  const { members, hidden } = shape;
  const w1 = directions === null ? undefined : g.input(`${prefix}w1`, 'float32', [directions, members * hidden[0]]);
  return {
    ...head,
    prefix,
    columns: columnsOf(head),
    values: headInputs(g, shape, prefix),
    w1: w1 === undefined ? undefined : perMember(g, w1, members, 1),
  };
}

/** What is added to the columns of heads whose first layer they are, [1, columns]; undefined where there is none. */
function biasOf(g: GraphBuilder, heads: readonly PlacedHead[]): string | undefined {
  if (heads.every(({ directions }) => directions !== null)) return undefined;
  const parts = heads.map(({ prefix, directions, columns }) =>
    directions === null ? `${prefix}b1` : g.float32([1, columns], new Float32Array(columns)),
  );
  return parts.length === 1 ? parts[0]! : g.op('Concat', parts, { axis: { i: 1 } });
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
