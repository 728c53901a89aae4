import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { GeneratorCard } from '../generator-card.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { constantOf, styleVector } from './common-layers.ts';
import type { GeneratorGraphs } from './generator-graphs.ts';
import { perChannel } from './resampling.ts';
import type { Epilogue, Stylegan1Network, Stylegan1Settings } from './stylegan1-network.ts';
import { activationOf, scaled, swapped, USUAL_ACTIVATION } from './weights.ts';

/**
 * The synthesis network of StyleGAN1 (Karras et al. 2019), with the output of every layer as a tap.
 *
 * Convolutions have the weights W·√2/√(in·9). conv0 doubles the side: below `fusedFrom` by repeating pixels before the convolution, above by a transposed
 * one of stride 2 whose 4 × 4 kernel is the sum of W at its four shifts by a pixel; then a blur by outer([1, 2, 1])/16. An epilogue is
 * x + bias + weight · noise, lrelu, (x - mean)/√(variance + ε) over each map, x · (scale + 1) + shift. The image is toRGB of the last.
 *
 * Taps of block r: `br.conv0` and `br.conv` (convolutions with their bias; in b4 only the latter), `br.adain0` and `br.adain` (epilogues).
 */
export function stylegan1Synthesis(
  { mapping, constant, blocks, toRgb }: Stylegan1Network,
  settings: Stylegan1Settings,
): { model: Model; tapSets: GeneratorGraphs['tapSets'] } {
  const g = new GraphBuilder('synthesis');
  const ws = g.input('ws', 'float32', ['N', mapping.numWs, mapping.wDim]);
  const step = new LayerBuilder(g, ws, settings.epsilon);
  const epilogues: GeneratorCard['taps'] = [];
  const published: GeneratorCard['taps'] = [];
  const tap = (name: string, channels: number, resolution: number) => {
    g.output(`tap.${name}`, 'float32', ['N', channels, resolution, resolution]);
    return { name, channels, resolution };
  };
  let x = constantOf(g, ws, constant, 'tap.const');
  const first = tap('const', constant.dims[0]!, 4);
  for (const { resolution, channels, conv0, epilogue0, conv1, epilogue1 } of blocks) {
    const name = `b${resolution}`;
    if (conv0 === undefined) {
      x = g.op('Add', [x, step.asChannels(epilogue0.bias)]);
    } else {
      const wide = resolution >= settings.fusedFrom ? step.transposed(x, conv0) : step.repeated(x, conv0);
      x = step.blurred(wide, channels, epilogue0.bias, `tap.${name}.conv0`);
      tap(`${name}.conv0`, channels, resolution);
    }
    x = step.epilogue(x, epilogue0, `tap.${name}.adain0`);
    epilogues.push(tap(`${name}.adain0`, channels, resolution));
    const raw = step.convolved(x, conv1, epilogue1.bias, `tap.${name}.conv`);
    const convolution = tap(`${name}.conv`, channels, resolution);
    x = step.epilogue(raw, epilogue1, `tap.${name}.adain`);
    const adain = tap(`${name}.adain`, channels, resolution);
    epilogues.push(adain);
    published.push(adain, convolution);
  }
  const { resolution, channels } = blocks.at(-1)!;
  const weight = g.float32(toRgb.weight.dims, scaled(toRgb.weight.data, 1 / Math.sqrt(channels)));
  g.op('Conv', [x, weight, g.float32([3], toRgb.bias.data)], convolution(1, 0), 'image');
  g.output('image', 'float32', ['N', 3, resolution, resolution]);
  return { model: g.model(), tapSets: { default: epilogues, editgan: [first, ...epilogues], datasetgan: published } };
}

class LayerBuilder {
  readonly #g: GraphBuilder;
  readonly #ws: string;
  readonly #epsilon: number;

  constructor(g: GraphBuilder, ws: string, epsilon: number) {
    this.#g = g;
    this.#ws = ws;
    this.#epsilon = epsilon;
  }

  /** [C] → [1, C, 1, 1] */
  asChannels({ data }: FloatTensor): string {
    return this.#g.float32([1, data.length, 1, 1], data);
  }

  convolved(x: string, weight: FloatTensor, bias: FloatTensor, name: string): string {
    const g = this.#g;
    return g.op('Conv', [x, g.float32(weight.dims, gained(weight)), g.float32(bias.dims, bias.data)], convolution(3, 1), name);
  }

  /** Every pixel four times, then the convolution. */
  repeated(x: string, weight: FloatTensor): string {
    const g = this.#g;
    const scales = g.float32([4], [1, 1, 2, 2]);
    const wide = g.op('Resize', [x, '', scales], {
      mode: { s: 'nearest' },
      coordinate_transformation_mode: { s: 'asymmetric' },
      nearest_mode: { s: 'floor' },
    });
    return g.op('Conv', [wide, g.float32(weight.dims, gained(weight))], convolution(3, 1));
  }

  transposed(x: string, weight: FloatTensor): string {
    const g = this.#g;
    const [outputs, inputs] = weight.dims as [number, number];
    const kernel = swapped(shifted(gained(weight)), outputs, inputs, 16);
    return g.op('ConvTranspose', [x, g.float32([inputs, outputs, 4, 4], kernel)], {
      kernel_shape: { ints: [4, 4] },
      strides: { ints: [2, 2] },
      pads: { ints: [1, 1, 1, 1] },
    });
  }

  blurred(x: string, channels: number, bias: FloatTensor, name: string): string {
    const g = this.#g;
    const kernel = { rows: 3, columns: 3, values: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((value) => value / 16) };
    const inputs = [x, perChannel(g, kernel, channels), g.float32(bias.dims, bias.data)];
    return g.op('Conv', inputs, { ...convolution(3, 1), group: { i: channels } }, name);
  }

  epilogue(x: string, { noise, style, wIndex }: Epilogue, name: string): string {
    const g = this.#g;
    const channels = style.bias.dims[0]! / 2;
    let y = x;
    if (noise !== undefined) {
      const [side] = noise.values.dims;
      // Kept apart: multiplied out they would be as great as the feature maps.
      const values = g.float32([1, 1, side!, side!], noise.values.data);
      y = g.op('Add', [y, g.op('Mul', [values, this.asChannels(noise.weight)])]);
    }
    y = activationOf(USUAL_ACTIVATION, 1).apply(g, y);
    const ones = g.float32([channels], new Float32Array(channels).fill(1));
    const zeros = g.float32([channels], new Float32Array(channels));
    y = g.op('InstanceNormalization', [y, ones, zeros], { epsilon: { f: this.#epsilon } });
    // The 1 that is added to the scale is in its bias.
    const bias = style.bias.data.map((value, i) => (i < channels ? value + 1 : value));
    const vector = styleVector(g, this.#ws, wIndex, { ...style, bias: { dims: style.bias.dims, data: bias } }, 1);
    const part = (from: number) =>
      g.op('Unsqueeze', [g.op('Slice', [vector, g.int64(from), g.int64(from + channels), g.int64(1)]), g.int64(2, 3)]);
    return g.op('Add', [g.op('Mul', [y, part(0)]), part(channels)], {}, name);
  }
}

const convolution = (side: number, pad: number) => ({
  kernel_shape: { ints: [side, side] },
  strides: { ints: [1, 1] },
  pads: { ints: [pad, pad, pad, pad] },
});

/** W · √2/√(in · k²) */
function gained({ dims, data }: FloatTensor): Float32Array {
  const fanIn = dims.slice(1).reduce((product, size) => product * size, 1);
  return scaled(data, Math.SQRT2 / Math.sqrt(fanIn));
}

/** Kernels of 3 × 3 → 4 × 4: the sum of the kernel at its four shifts by 0 or 1 in each direction. */
function shifted(data: Float32Array): Float32Array {
  const count = data.length / 9;
  const out = new Float32Array(16 * count);
  for (let kernel = 0; kernel < count; kernel++)
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 3; x++) {
        const value = data[9 * kernel + 3 * y + x]!;
        const at = 16 * kernel + 4 * y + x;
        for (const shift of [0, 1, 4, 5]) out[at + shift]! += value;
      }
  return out;
}
