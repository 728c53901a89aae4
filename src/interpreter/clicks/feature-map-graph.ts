import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import type { TapSource } from '../features/sample-graph.ts';
import { levelFeatures } from '../inference/first-layer-sums.ts';

/** A number of directions to look along, and at which pixels: at each one, or only at every n-th of every n-th row. */
export interface Look {
  readonly directions: number;
  readonly every: number;
}

/**
 * The features of label pixels, projected: x·M. As M·up(S) = up(M·S), each level is projected at its own resolution, then upsampled (bilinear,
 * half-pixel centres, as `axisSamples`) and added.
 * Inputs: what `source` declares; per level `taps.r` [C, directions of all looks], its rows of M. Outputs: `features.i` float32 [pixels, directions] for
 * look i, row-major.
 */
export function featureMapGraph(
  layout: FeatureLayout,
  source: (graph: GraphBuilder) => TapSource,
  looks: readonly Look[],
): Model {
  const { side, left, top, width, height } = layout.geometry;
  const directions = looks.reduce((sum, look) => sum + look.directions, 0);
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
  let first = 0;
  for (const [i, look] of looks.entries()) {
    const end = first + look.directions;
    const starts = g.int64(first, top, left);
    const ends = g.int64(end, top + height, left + width);
    const seen = g.op('Slice', [whole, starts, ends, g.int64(1, 2, 3), g.int64(1, look.every, look.every)]);
    const pixels = Math.ceil(width / look.every) * Math.ceil(height / look.every);
    const planes = g.op('Reshape', [seen, g.int64(look.directions, pixels)]);
    const rows = g.op('Transpose', [planes], { perm: { ints: [1, 0] } });
    g.output(rows, 'float32', [pixels, look.directions], `features.${i}`);
    first = end;
  }
  return g.model();
}
