import { reachOf } from '../../interpreter/inference/predicted-keypoints.ts';
import type { TrainedKeypoints } from '../../interpreter/versions/version.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { SideValues } from './shown-in-graph.ts';

const SINGLE = { to: { i: 1 } };

/** Heat maps cover a square, of which a part shows the picture. */
export interface HeatPlace {
  readonly trained: TrainedKeypoints;
  /** Of the picture, and of what shows it in the square. */
  readonly own: SideValues;
  readonly shown: SideValues;
}

/**
 * peakOf in a graph: the warmest pixel of what shows the picture in each heat map, moved to the summit of a parabola along each axis.
 * @param heat [n, side, side]
 * @returns [1, n, 3]: x and y in pixels of the picture, and the heat over the keypoint's threshold: from 1 on it is there
 */
export function pointsInGraph(g: GraphBuilder, heat: string, { trained, own, shown }: HeatPlace): string {
  const { thresholds, sigma, shape } = trained;
  const end = g.op('Concat', [shown.height, shown.width], { axis: { i: 0 } });
  const part = g.op('Slice', [heat, g.int64(0, 0), end, g.int64(1, 2)]);
  const flat = g.op('Reshape', [part, g.int64(shape.classes, -1)]);
  const warmest = g.op('ArgMax', [flat], { axis: { i: 1 }, keepdims: { i: 1 } });
  const row = g.op('Div', [warmest, shown.width]);
  const column = g.op('Mod', [warmest, shown.width]);
  const reach = reachOf(sigma);
  const across = summitInGraph(g, flat, { row, column, shown, reach, along: 'column' });
  const down = summitInGraph(g, flat, { row, column, shown, reach, along: 'row' });
  const placed = (pixel: string, moved: string, from: string, to: string) => {
    const middle = g.op('Add', [g.op('Cast', [pixel], SINGLE), g.op('Add', [moved, g.scalar(0.5)])]);
    const last = g.op('Cast', [from], SINGLE);
    const inside = g.op('Min', [g.op('Max', [middle, g.scalar(0)]), last]);
    return g.op('Div', [g.op('Mul', [inside, g.op('Cast', [to], SINGLE)]), last]);
  };
  const height = g.op('GatherElements', [flat, warmest], { axis: { i: 1 } });
  const share = g.op('Div', [height, g.float32([shape.classes, 1], thresholds)]);
  const x = placed(column, across, shown.width, own.width);
  const y = placed(row, down, shown.height, own.height);
  return g.op('Unsqueeze', [g.op('Concat', [x, y, share], { axis: { i: 1 } }), g.int64(0)]);
}

interface Axis {
  /** Of the warmest pixel, int64 [n, 1]. */
  readonly row: string;
  readonly column: string;
  readonly shown: SideValues;
  readonly reach: number;
  readonly along: 'row' | 'column';
}

/** How far from the warmest pixel the summit is, [n, 1]: peakOf has the formula. */
function summitInGraph(g: GraphBuilder, flat: string, { row, column, shown, reach, along }: Axis): string {
  const steps = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const moved = g.op('Add', [along === 'row' ? row : column, g.int64(...steps)]);
  const last = g.op('Sub', [along === 'row' ? shown.height : shown.width, g.int64(1)]);
  const inside = g.op('Min', [g.op('Max', [moved, g.int64(0)]), last]);
  const [rows, columns] = along === 'row' ? [inside, column] : [row, inside];
  const pixels = g.op('Add', [g.op('Mul', [rows, shown.width]), columns]);
  const heat = g.op('GatherElements', [flat, pixels], { axis: { i: 1 } });
  const count = steps.length;
  const sum = (power: number) => steps.reduce((total, d) => total + d ** power, 0);
  const [s2, s4] = [sum(2), sum(4)];
  const weighed = (weight: (d: number) => number) => g.op('MatMul', [heat, g.float32([count, 1], steps.map(weight))]);
  const a = weighed((d) => (count * d * d - s2) / (count * s4 - s2 * s2));
  const b = weighed((d) => d / s2);
  const far = g.op('Clip', [g.op('Div', [b, g.op('Mul', [a, g.scalar(-2)])]), g.scalar(-reach), g.scalar(reach)]);
  return g.op('Where', [g.op('Less', [a, g.scalar(0)]), far, g.scalar(0)]);
}
