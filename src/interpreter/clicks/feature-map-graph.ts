import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import type { TapSource } from '../features/sample-graph.ts';
import { levelFeatures } from '../inference/first-layer-sums.ts';

/**
 * The features of every label pixel, projected: x·M. As M·up(S) = up(M·S), each level is projected at its own resolution, then upsampled (bilinear,
 * half-pixel centres, as `axisSamples`) and added.
 * Inputs: what `source` declares; per level `taps.r` [C, directions], its rows of M. Output: `features` float32 [pixels, directions], row-major.
 */
export function featureMapGraph(layout: FeatureLayout, source: (graph: GraphBuilder) => TapSource, directions: number): Model {
  const { side, left, top, width, height } = layout.geometry;
  const g = new GraphBuilder('feature map');
  const { taps } = source(g);
  const whole = layout.levels
    .map((level) => {
      const { resolution, channels } = level;
      const weights = g.input(`taps.${resolution}`, 'float32', [channels, directions]);
      const flat = g.op('Reshape', [levelFeatures(g, level, taps), g.int64(channels, resolution ** 2)]);
      const projected = g.op('Gemm', [weights, flat], { transA: { i: 1 } });
      const map = g.op('Reshape', [projected, g.int64(1, directions, resolution, resolution)]);
      if (resolution === side) return map;
      return g.op('Resize', [map, '', '', g.int64(1, directions, side, side)], {
        mode: { s: 'linear' },
        coordinate_transformation_mode: { s: 'half_pixel' },
      });
    })
    .reduce((sum, level) => g.op('Add', [sum, level]));
  const labelled = g.op('Slice', [whole, g.int64(top, left), g.int64(top + height, left + width), g.int64(2, 3)]);
  const planes = g.op('Reshape', [labelled, g.int64(directions, width * height)]);
  const pixels = g.op('Transpose', [planes], { perm: { ints: [1, 0] } });
  g.output(pixels, 'float32', [width * height, directions], 'features');
  return g.model();
}
