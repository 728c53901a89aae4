import type { Tensor as OrtTensor } from 'onnxruntime-node';
import type { FeatureLayout } from '../../interpreter/features/feature-layout.ts';
import { inferenceFeeds } from '../../interpreter/inference/classifier-feeds.ts';
import { inferenceGraph } from '../../interpreter/inference/inference-graph.ts';
import { headPlans } from '../../interpreter/inference/label-picture.ts';
import { TILE_SIDE, type Tiling, tiling } from '../../interpreter/inference/tiles.ts';
import type { Version } from '../../interpreter/versions/version.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Graph } from '../../onnx/model.ts';
import type { BackboneCard } from '../backbone-card.ts';
import { photoLayout, tapInputs } from '../photo-network.ts';
import type { PhotoVersionRecord } from '../train-photo-version.ts';
import { OWN_SIDES } from './picture-graph.ts';
import { pointsInGraph } from './points-in-graph.ts';
import { type SideValues, shownInGraph } from './shown-in-graph.ts';

/** Outputs of a model file. */
export const LABEL_MAP = 'label_map';
export const LABEL_PROBABILITIES = 'label_probabilities';
export const KEYPOINTS = 'keypoints';

/**
 * What predictPhoto does with the taps of a backbone, as a graph with the weights of a version in it. Inputs: the backbone's taps, and OWN_SIDES.
 * Outputs of a version with masks: `label_map` uint8 [1, H, W], the members' vote at the picture's own size, and `label_probabilities` float32
 * [1, K, h, w], their mean softmax on the grid that labels are computed on, whose longer side is labelSide. Of one with keypoints: `keypoints` float32
 * [1, n, 3] of pointsInGraph.
 */
export function answerGraph(card: BackboneCard, version: Version<PhotoVersionRecord>): Graph {
  const { record, masks, keypoints } = version;
  const { size, labelSide } = record;
  const layout = photoLayout(card, { size, labelSide });
  const g = new GraphBuilder('answer');
  const tiles = tiling(layout.geometry, TILE_SIDE);
  const outputs = inferenceIn(g, card, version, layout);
  const own: SideValues = {
    height: g.input(OWN_SIDES.height, 'int64', [1]),
    width: g.input(OWN_SIDES.width, 'int64', [1]),
  };
  const shown = shownInGraph(g, own, labelSide);
  const places = g.constant({ type: 'int64', dims: [labelSide ** 2], data: placesInTiles(tiles, labelSide) });
  /** Maps in tiles [tiles, n, pixels] → [n, labelSide, labelSide]. */
  const untiled = (value: string, maps: number) => {
    const byMap = g.op('Reshape', [g.op('Transpose', [value], { perm: { ints: [1, 0, 2] } }), g.int64(maps, -1)]);
    return g.op('Reshape', [g.op('Gather', [byMap, places], { axis: { i: 1 } }), g.int64(maps, labelSide, labelSide)]);
  };
  if (masks !== undefined) {
    const labels = untiled(g.op('Unsqueeze', [outputs.get('labels')!, g.int64(1)]), 1);
    const rows = g.op('Gather', [labels, nearest(g, own.height, shown.height)], { axis: { i: 1 } });
    const map = g.op('Gather', [rows, nearest(g, own.width, shown.width)], { axis: { i: 2 } });
    g.output(map, 'uint8', [1, 'height', 'width'], LABEL_MAP);
    const { classes } = masks.shape;
    const whole = untiled(outputs.get('probabilities')!, classes);
    const end = g.op('Concat', [shown.height, shown.width], { axis: { i: 0 } });
    const part = g.op('Slice', [whole, g.int64(0, 0), end, g.int64(1, 2)]);
    g.output(g.op('Unsqueeze', [part, g.int64(0)]), 'float32', [1, classes, 'h', 'w'], LABEL_PROBABILITIES);
  }
  if (keypoints !== undefined && record.keypoints !== undefined) {
    const { classes } = keypoints.shape;
    const points = pointsInGraph(g, untiled(outputs.get('heat')!, classes), {
      trained: record.keypoints,
      own,
      shown,
    });
    g.output(points, 'float32', [1, classes, 3], KEYPOINTS);
  }
  return g.graph();
}

/** Puts the inference graph in, the weights as constants. Gives its outputs by their names. */
function inferenceIn(
  g: GraphBuilder,
  card: BackboneCard,
  { record, masks, keypoints }: Version<PhotoVersionRecord>,
  layout: FeatureLayout,
): Map<string, string> {
  const { graph } = inferenceGraph(layout, headPlans(layout, { masks, keypoints }), (own) => tapInputs(own, card, record.size), {
    tile: TILE_SIDE,
    probabilities: masks !== undefined,
  });
  const weights: Readonly<Record<string, OrtTensor>> = inferenceFeeds(layout, {
    ...(masks && { masks }),
    ...(keypoints && { keypoints }),
  });
  const taps = new Map(card.taps.map(({ name }) => [`tap.${name}`, name]));
  const bindings = graph.inputs.map(({ name, type, shape = [] }) => {
    const tap = taps.get(name);
    if (tap !== undefined) return [name, g.input(tap, type, shape)] as const;
    const { dims, data } = weights[name]!;
    return [name, g.float32(dims, data as Float32Array)] as const;
  });
  return g.inline(graph, 'version.', Object.fromEntries(bindings));
}

/** Where each pixel of the square is in the tiles, laid one behind another. */
function placesInTiles({ lefts, tops, width, height }: Tiling, side: number): BigInt64Array {
  const places = new BigInt64Array(side * side);
  for (const [row, top] of tops.entries())
    for (const [column, left] of lefts.entries()) {
      const first = (row * lefts.length + column) * width * height;
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) places[(top + y) * side + left + x] = BigInt(first + y * width + x);
    }
  return places;
}

/** labelsOfPhoto along one axis: pixel i of `own` takes the label ⌊(i + 0.5)·shown/own⌋. In whole numbers. */
function nearest(g: GraphBuilder, own: string, shown: string): string {
  const scalar = (value: number) => g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(value)) });
  const pixels = g.op('Range', [scalar(0), g.op('Squeeze', [own, g.int64(0)]), scalar(1)]);
  const middle = g.op('Add', [g.op('Mul', [pixels, scalar(2)]), scalar(1)]);
  return g.op('Div', [g.op('Mul', [middle, shown]), g.op('Mul', [own, scalar(2)])]);
}
