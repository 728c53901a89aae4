import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Graph } from '../../onnx/model.ts';
import type { BackboneCard } from '../backbone-card.ts';
import { shownInGraph } from './shown-in-graph.ts';

/** Name of the picture that a model file takes. */
export const PHOTOGRAPH = 'photograph';
/** Its own size, int64 [1] each, for the graph behind the backbone. */
export const OWN_SIDES = { height: 'photograph.height', width: 'photograph.width' } as const;

const SINGLE = { to: { i: 1 } };

/**
 * What readPhoto and photoNetwork do with a picture, as a graph: fits it into the square of a backbone, in the top left corner, and normalises it.
 * Input: `photograph` uint8 [1, H, W, 3], RGB. Outputs: the backbone's input float32 [1, 3, S, S], and OWN_SIDES.
 * A picture whose longer side is S is not resampled; others are resampled with ONNX's antialiased cubic.
 */
export function pictureGraph({ input }: BackboneCard, size: number): Graph {
  const g = new GraphBuilder('picture');
  const photograph = g.input(PHOTOGRAPH, 'uint8', [1, 'height', 'width', 3]);
  const dims = g.op('Shape', [photograph]);
  const height = g.op('Slice', [dims, g.int64(1), g.int64(2)]);
  const width = g.op('Slice', [dims, g.int64(2), g.int64(3)]);
  const shown = shownInGraph(g, { height, width }, size);
  const planes = g.op('Transpose', [photograph], { perm: { ints: [0, 3, 1, 2] } });
  const sizes = g.op('Concat', [g.int64(1, 3), shown.height, shown.width], { axis: { i: 0 } });
  const resized = g.op('Resize', [g.op('Cast', [planes], SINGLE), '', '', sizes], {
    mode: { s: 'cubic' },
    cubic_coeff_a: { f: -0.5 },
    antialias: { i: 1 },
    coordinate_transformation_mode: { s: 'half_pixel' },
  });
  const levels = g.op('Clip', [g.op('Round', [resized]), g.scalar(0), g.scalar(255)]);
  const perChannel = (value: (channel: number) => number) => g.float32([1, 3, 1, 1], [0, 1, 2].map(value));
  const scale = perChannel((channel) => 1 / (255 * input.std[channel]!));
  const shift = perChannel((channel) => input.mean[channel]! / input.std[channel]!);
  const normal = g.op('Sub', [g.op('Mul', [levels, scale]), shift]);
  const below = g.op('Sub', [g.int64(size), shown.height]);
  const beside = g.op('Sub', [g.int64(size), shown.width]);
  const pads = g.op('Concat', [g.int64(0, 0, 0, 0, 0, 0), below, beside], { axis: { i: 0 } });
  g.output(g.op('Pad', [normal, pads]), 'float32', [1, 3, size, size], input.name);
  g.output(height, 'int64', [1], OWN_SIDES.height);
  g.output(width, 'int64', [1], OWN_SIDES.width);
  return g.graph();
}
