import { headGraph, headInputs, perMember, vote } from '../../../src/interpreter/ensemble/head-graph.ts';
import { axisSamples } from '../../../src/interpreter/features/bilinear.ts';
import type { FeatureLayout } from '../../../src/interpreter/features/feature-layout.ts';
import type { TapSource } from '../../../src/interpreter/features/sample-graph.ts';
import type { NetworkShape } from '../../../src/interpreter/network-shape.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';

/** Rows of pixels in a strip. */
export const STRIP = 16;

/**
 * What the product's inference is compared with: the hypercolumn as the paper has it, every tap resampled to the label size and all of them
 * concatenated, a strip of rows at a time so that it fits the memory, and one D × E·H1 product for the first layer.
 * Inputs: the source's, `w1` [D, E·H1], headInputs, `strip` int64 []. Outputs: `labels`, `divergence` of the strip's pixels.
 */
export function naiveStripGraph(layout: FeatureLayout, shape: NetworkShape, source: (g: GraphBuilder) => TapSource): Model {
  const { side } = layout.geometry;
  const g = new GraphBuilder('naive');
  const { taps } = source(g);
  const first = shape.members * shape.hidden[0];
  const head = headInputs(g, shape);
  const w1 = g.input('w1', 'float32', [shape.dims, first]);
  const strip = g.input('strip', 'int64', []);
  const columns = layout.levels.flatMap((level) =>
    level.taps.map(({ name, channels }) => {
      const r = level.resolution;
      const matrix = rowMatrices(r, side);
      const rows = g.op('MatMul', [g.op('Gather', [matrix(g), strip]), taps.get(name)!]);
      if (r === side) return g.op('Reshape', [rows, g.int64(channels, STRIP * side)]);
      const wide = g.op('Resize', [rows, '', '', g.int64(1, channels, STRIP, side)], {
        mode: { s: 'linear' },
        coordinate_transformation_mode: { s: 'half_pixel' },
      });
      return g.op('Reshape', [wide, g.int64(channels, STRIP * side)]);
    }),
  );
  const hypercolumn = g.op('Concat', columns, { axis: { i: 0 } });
  const sums = g.op('Gemm', [hypercolumn, w1, 'b1'], { transA: { i: 1 } });
  const { labels, divergence } = vote(g, headGraph(g, perMember(g, sums, shape.members, 1), shape, head), shape);
  g.output(labels, 'uint8', [STRIP * side], 'labels');
  g.output(divergence, 'float32', [STRIP * side], 'divergence');
  return g.model();
}

/** [strips, STRIP, r]: the rows of each strip as combinations of the map's rows. */
function rowMatrices(size: number, side: number): (g: GraphBuilder) => string {
  const { low, high, fraction } = axisSamples(size, side, 0, side);
  const data = new Float32Array(side * size);
  for (let row = 0; row < side; row++) {
    data[row * size + low[row]!]! += 1 - fraction[row]!;
    data[row * size + high[row]!]! += fraction[row]!;
  }
  return (g) => g.float32([side / STRIP, STRIP, size], data);
}
