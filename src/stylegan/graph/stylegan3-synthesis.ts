import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { GeneratorCard } from '../generator-card.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { styleVector } from './common-layers.ts';
import type { GeneratorGraphs } from './generator-graphs.ts';
import { waves } from './stylegan3-input.ts';
import type { Stylegan3Layer, Stylegan3Network, Stylegan3Settings } from './stylegan3-network.ts';
import { badNetwork } from './tensor-reader.ts';
import { activationOf, scaled, USUAL_ACTIVATION } from './weights.ts';

/** ε of the demodulation. */
const EPSILON = 1e-8;

/**
 * The synthesis network of StyleGAN3 (Karras et al. 2021). A layer, with style s = affine(w): W and s are brought to a mean square of 1, y = conv(x
 * · s, W/√magnitude),
 * padded by k - 1, times 1/√(Σ s² Σ W² + ε), plus bias; enlarged by a filter, √2 · lrelu, clipped, reduced by a filter. The last layer gives colours: its style
 * is divided by √(in · k²), and there is no demodulation and no activation. The image is its output times `outputScale`.
 *
 * `tap.NAME` is a layer's output without its margin, so that it covers the picture exactly; `layer.NAME` the whole of it.
 */
export function stylegan3Synthesis(
  { mapping, input, layers }: Stylegan3Network,
  settings: Stylegan3Settings,
): { model: Model; tapSets: GeneratorGraphs['tapSets'] } {
  const g = new GraphBuilder('synthesis');
  const ws = g.input('ws', 'float32', ['N', mapping.numWs, mapping.wDim]);
  const tap = (value: string, name: string, channels: number, size: number, rate: number) => {
    const margin = (size - rate) / 2;
    if (!Number.isInteger(margin) || margin < 0) throw badNetwork(`'${name}' has ${size} px for ${rate} px of the image`);
    g.output(value, 'float32', ['N', channels, size, size], `layer.${name}`);
    g.op('Slice', [value, g.int64(margin, margin), g.int64(margin + rate, margin + rate), g.int64(2, 3)], {}, `tap.${name}`);
    g.output(`tap.${name}`, 'float32', ['N', channels, rate, rate]);
    return { name, channels, resolution: rate };
  };
  let x = waves(g, ws, input, settings.input);
  const first = tap(x, 'input', input.phases.data.length, settings.input.size, settings.input.samplingRate);
  const features: GeneratorCard['taps'] = [];
  for (const layer of layers) {
    x = applied(g, ws, x, layer);
    const output = tap(x, layer.name, layer.bias.dims[0]!, layer.outSize, layer.samplingRate);
    if (!layer.isColour) features.push(output);
  }
  const { outSize } = layers.at(-1)!;
  g.op('Mul', [x, g.scalar(settings.outputScale)], {}, 'image');
  g.output('image', 'float32', ['N', 3, outSize, outSize]);
  return { model: g.model(), tapSets: { default: features, editgan: [first, ...features] } };
}

function applied(g: GraphBuilder, ws: string, x: string, layer: Stylegan3Layer): string {
  const { weight, bias, affine, magnitude, isColour, wIndex, clamp, down, upFilter, downFilter } = layer;
  const [outputs, inputs, k] = weight.dims as [number, number, number];
  const asChannels = (value: string) => g.op('Unsqueeze', [value, g.int64(2, 3)]);
  const gain = 1 / Math.sqrt(magnitude);
  const convolved = (style: string, data: Float32Array) =>
    g.op('Conv', [g.op('Mul', [x, asChannels(style)]), g.float32(weight.dims, scaled(data, gain))], {
      kernel_shape: { ints: [k, k] },
      strides: { ints: [1, 1] },
      pads: { ints: [k - 1, k - 1, k - 1, k - 1] },
    });
  let y: string;
  if (isColour) {
    y = convolved(styleVector(g, ws, wIndex, affine, 1 / Math.sqrt(inputs * k * k)), weight.data);
  } else {
    const raw = styleVector(g, ws, wIndex, affine, 1);
    const meanSquare = g.op('ReduceMean', [g.op('Mul', [raw, raw]), g.int64(1)], { keepdims: { i: 1 } });
    const style = g.op('Div', [raw, g.op('Sqrt', [meanSquare])]);
    const { data, squares } = normalised(weight);
    const sum = g.op('Gemm', [g.op('Mul', [style, style]), g.float32([inputs, outputs], squares), g.scalar(EPSILON)]);
    y = g.op('Mul', [convolved(style, data), asChannels(g.op('Reciprocal', [g.op('Sqrt', [sum])]))]);
  }
  y = g.op('Add', [y, g.float32([1, outputs, 1, 1], bias.data)]);
  if (upFilter !== undefined) y = enlarged(g, y, outputs, layer, upFilter);
  if (!isColour) y = g.op('Mul', [activationOf(USUAL_ACTIVATION, 1).apply(g, y), g.scalar(Math.SQRT2)]);
  if (clamp !== null) y = g.op('Clip', [y, g.scalar(-clamp), g.scalar(clamp)]);
  return downFilter === undefined ? y : reduced(g, y, outputs, downFilter, down);
}

/** Zeros between the samples, padded, convolved with the filter · up in both directions: two depthwise transposed convolutions. */
function enlarged(g: GraphBuilder, x: string, channels: number, layer: Stylegan3Layer, filter: FloatTensor): string {
  const { up, padding, inSize, weight } = layer;
  const n = filter.data.length;
  const wide = inSize + weight.dims[2]! - 1;
  const taps = scaled(filter.data, up);
  const pass = (value: string, vertical: boolean) => {
    const [before, after] = vertical ? [padding[2], padding[3]] : [padding[0], padding[1]];
    const begin = n - 1 - before;
    const end = (wide - 1) * up + n - (wide * up + before + after - (n - 1)) - begin;
    if (begin < 0 || end < 0) throw badNetwork(`the padding of '${layer.name}' is larger than its filter`);
    return g.op('ConvTranspose', [value, repeated(g, taps, channels, vertical ? [n, 1] : [1, n])], {
      kernel_shape: { ints: vertical ? [n, 1] : [1, n] },
      strides: { ints: vertical ? [up, 1] : [1, up] },
      pads: { ints: vertical ? [begin, 0, end, 0] : [0, begin, 0, end] },
      group: { i: channels },
    });
  };
  return pass(pass(x, true), false);
}

/** Convolved with the filter where it is inside, then every `down`-th sample. */
function reduced(g: GraphBuilder, x: string, channels: number, filter: FloatTensor, down: number): string {
  const backwards = filter.data.toReversed();
  const pass = (value: string, kernel: [number, number], strides: [number, number]) =>
    g.op('Conv', [value, repeated(g, backwards, channels, kernel)], {
      kernel_shape: { ints: kernel },
      strides: { ints: strides },
      pads: { ints: [0, 0, 0, 0] },
      group: { i: channels },
    });
  const n = filter.dims[0]!;
  if (filter.dims.length === 2) return pass(x, [n, n], [down, down]);
  return pass(pass(x, [n, 1], [down, 1]), [1, n], [1, down]);
}

function repeated(g: GraphBuilder, values: Float32Array, channels: number, kernel: readonly [number, number]): string {
  const data = new Float32Array(channels * values.length);
  for (let channel = 0; channel < channels; channel++) data.set(values, channel * values.length);
  return g.float32([channels, 1, ...kernel], data);
}

/** W/√(mean W²) of each output, and Σ_kk of its squares, [in, out]. */
function normalised({ dims, data }: FloatTensor): { data: Float32Array; squares: Float32Array } {
  const [outputs, inputs] = dims as [number, number];
  const size = data.length / outputs;
  const taps = size / inputs;
  const out = new Float32Array(data.length);
  const squares = new Float32Array(inputs * outputs);
  for (let o = 0; o < outputs; o++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += data[o * size + i]! ** 2;
    const factor = 1 / Math.sqrt(sum / size);
    for (let i = 0; i < inputs; i++) {
      let square = 0;
      for (let k = 0; k < taps; k++) {
        const value = data[o * size + i * taps + k]! * factor;
        out[o * size + i * taps + k] = value;
        square += value * value;
      }
      squares[i * outputs + o] = square;
    }
  }
  return { data: out, squares };
}
