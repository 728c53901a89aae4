import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import { axisSamples } from './bilinear.ts';
import type { FeatureLayout } from './feature-layout.ts';

/** Puts the generator into a graph: its image (if wanted) and its taps, as values of that graph. */
export interface TapSource {
  readonly image?: string;
  /** By tap name: [1, C, r, r]. */
  readonly taps: ReadonlyMap<string, string>;
}

/**
 * Feature vectors at chosen pixels, without ever resampling a whole map: each tap is read at the four neighbours of every pixel.
 * Inputs: what `source` declares; per level `at.r` int32 [4·P] and `weight.r` float32 [4, P] (bilinearTaps). Output `features` [P, D]; with
 * `directions` d instead, `projected` [P, d] = features·projection + offset, of the inputs `projection` [D, d] and `offset` [1, d].
 */
export function sampleGraph(layout: FeatureLayout, source: (graph: GraphBuilder) => TapSource, directions?: number): Model {
  const g = new GraphBuilder('sample');
  const { taps } = source(g);
  const columns = layout.levels.flatMap(({ resolution, taps: own }) => {
    const at = g.input(`at.${resolution}`, 'int32', ['4P']);
    const weight = g.input(`weight.${resolution}`, 'float32', [4, 'P']);
    return own.map((tap) => {
      const flat = g.op('Reshape', [taps.get(tap.name)!, g.int64(tap.channels, resolution * resolution)]);
      const corners = g.op('Reshape', [g.op('Gather', [flat, at], { axis: { i: 1 } }), g.int64(tap.channels, 4, -1)]);
      return g.op('ReduceSum', [g.op('Mul', [corners, weight]), g.int64(1)], { keepdims: { i: 0 } });
    });
  });
  const features = g.op('Concat', columns, { axis: { i: 0 } });
  if (directions === undefined) {
    g.output(g.op('Transpose', [features], { perm: { ints: [1, 0] } }), 'float32', ['P', layout.dims], 'features');
  } else {
    const projection = g.input('projection', 'float32', [layout.dims, directions]);
    const offset = g.input('offset', 'float32', [1, directions]);
    g.output(g.op('Gemm', [features, projection, offset], { transA: { i: 1 } }), 'float32', ['P', directions], 'projected');
  }
  return g.model();
}

/** Where a level is read for each pixel: positions [4·P] (corner by corner) into r·r, and their weights [4·P]; weights of a pixel sum to 1. */
export function bilinearTaps(
  layout: FeatureLayout,
  resolution: number,
  pixels: Int32Array,
): { at: Int32Array; weight: Float32Array } {
  const { side, left, top, width, height } = layout.geometry;
  const xs = axisSamples(resolution, side, left, width);
  const ys = axisSamples(resolution, side, top, height);
  const count = pixels.length;
  const at = new Int32Array(4 * count);
  const weight = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const x = pixels[i]! % width;
    const y = (pixels[i]! - x) / width;
    const [fx, fy] = [xs.fraction[x]!, ys.fraction[y]!];
    const [rowLow, rowHigh] = [ys.low[y]! * resolution, ys.high[y]! * resolution];
    at[i] = rowLow + xs.low[x]!;
    at[count + i] = rowLow + xs.high[x]!;
    at[2 * count + i] = rowHigh + xs.low[x]!;
    at[3 * count + i] = rowHigh + xs.high[x]!;
    weight[i] = (1 - fy) * (1 - fx);
    weight[count + i] = (1 - fy) * fx;
    weight[2 * count + i] = fy * (1 - fx);
    weight[3 * count + i] = fy * fx;
  }
  return { at, weight };
}
