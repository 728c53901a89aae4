import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { GeneratorCard } from '../generator-card.ts';
import { SLOPE } from './activation.ts';
import { doubled, smoothed } from './resampling.ts';
import { scaled } from './scaled.ts';
import type { ModulatedConvolution, Stylegan2Network, Stylegan2Settings } from './stylegan2-network.ts';

/**
 * The synthesis network of StyleGAN2 (Karras et al. 2020, skip architecture), with the output of every layer as a tap.
 *
 * A layer, with style s = affine(w): y = conv(x · s, W) · d, d_o = 1/√(Σ_i s_i² Σ_kk W_oikk² + ε) (the weights are never scaled per image:
 * that is the same by linearity), y + noise, then √2 · lrelu(y + b), clipped. conv0 doubles the side: a transposed convolution of stride 2,
 * then the resampling filter. toRGB: conv1×1(x · s/√C, W) + b, clipped; the image is the sum of all toRGB, doubled in between.
 */
export function synthesisGraph(
  { mapping, constant, blocks }: Stylegan2Network,
  settings: Stylegan2Settings,
): { model: Model; taps: GeneratorCard['taps'] } {
  const g = new GraphBuilder('synthesis');
  const taps: GeneratorCard['taps'] = [];
  const { wDim, numWs } = mapping;
  const ws = g.input('ws', 'float32', ['N', numWs, wDim]);
  const step = new LayerBuilder(g, ws, settings);

  let x = g.float32([1, ...constant.dims], constant.data);
  let image: string | undefined;
  for (const { resolution, conv0, conv1, toRgb } of blocks) {
    const layers = conv0 === undefined ? { conv1 } : { conv0, conv1 };
    for (const [layer, convolution] of Object.entries(layers)) {
      const name = `b${resolution}.${layer}`;
      const [channels] = convolution.bias.dims;
      x = step.layer(x, convolution, layer === 'conv0', resolution, `tap.${name}`);
      g.output(x, 'float32', ['N', channels!, resolution, resolution]);
      taps.push({ name, channels: channels!, resolution });
    }
    const last = resolution === blocks.at(-1)?.resolution;
    image = step.toRgb(x, toRgb, image, last ? 'image' : undefined);
    if (last) g.output(image, 'float32', ['N', 3, resolution, resolution]);
  }
  return { model: g.model(), taps };
}

class LayerBuilder {
  readonly #g: GraphBuilder;
  readonly #ws: string;
  readonly #settings: Stylegan2Settings;

  constructor(g: GraphBuilder, ws: string, settings: Stylegan2Settings) {
    this.#g = g;
    this.#ws = ws;
    this.#settings = settings;
  }

  /** One layer; its result is the value `name`. */
  layer(x: string, layer: ModulatedConvolution, up: boolean, resolution: number, name: string): string {
    const g = this.#g;
    const [outputs, inputs] = layer.weight.dims;
    const style = this.#style(layer, 1);
    const modulated = g.op('Mul', [x, this.#asChannels(style)]);
    const demodulation = this.#asChannels(this.#demodulation(style, layer));
    // The gain √2 is in demodulation, bias and noise: lrelu(a x) = a lrelu(x) for a > 0.
    const bias = g.float32(up ? [outputs!] : [1, outputs!, 1, 1], scaled(layer.bias.data, Math.SQRT2));
    let y: string;
    if (up) {
      const weight = g.float32([inputs!, outputs!, 3, 3], swapped(layer.weight.data, outputs!, inputs!, 9));
      y = g.op('ConvTranspose', [modulated, weight], {
        kernel_shape: { ints: [3, 3] },
        strides: { ints: [2, 2] },
        pads: { ints: [0, 0, 0, 0] },
      });
      // Scaled before the filter, so that filter, bias and activation are one fused convolution.
      y = smoothed(g, g.op('Mul', [y, demodulation]), outputs!, this.#settings.resampleFilter, [bias]);
    } else {
      const weight = g.float32(layer.weight.dims, layer.weight.data);
      y = g.op('Conv', [modulated, weight], {
        kernel_shape: { ints: [3, 3] },
        strides: { ints: [1, 1] },
        pads: { ints: [1, 1, 1, 1] },
      });
      y = g.op('Add', [g.op('Mul', [y, demodulation]), bias]);
    }
    if (layer.noise !== undefined)
      y = g.op('Add', [y, g.float32([1, 1, resolution, resolution], scaled(layer.noise, Math.SQRT2))]);
    return this.#clipped((output) => g.op('LeakyRelu', [y], { alpha: { f: SLOPE } }, output), name);
  }

  /** The image so far, doubled, plus the colours of this layer; its result is the value `name` if given. */
  toRgb(x: string, layer: ModulatedConvolution, image: string | undefined, name: string | undefined): string {
    const g = this.#g;
    const style = this.#style(layer, 1 / Math.sqrt(layer.weight.dims[1]!));
    const modulated = g.op('Mul', [x, this.#asChannels(style)]);
    const inputs = [modulated, g.float32(layer.weight.dims, layer.weight.data), g.float32(layer.bias.dims, layer.bias.data)];
    const attributes = { kernel_shape: { ints: [1, 1] }, strides: { ints: [1, 1] }, pads: { ints: [0, 0, 0, 0] } };
    const colours = this.#clipped((output) => g.op('Conv', inputs, attributes, output), image === undefined ? name : undefined);
    if (image === undefined) return colours;
    return g.op('Add', [doubled(g, image, 3, this.#settings.resampleFilter), colours], {}, name);
  }

  /** affine(w) · gain, [N, in]. */
  #style({ affine, wIndex }: ModulatedConvolution, gain: number): string {
    const g = this.#g;
    const w = g.op('Gather', [this.#ws, g.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(wIndex)) })], {
      axis: { i: 1 },
    });
    const weight = g.float32(affine.weight.dims, scaled(affine.weight.data, gain / Math.sqrt(affine.weight.dims[1]!)));
    return g.op('Gemm', [w, weight, g.float32(affine.bias.dims, scaled(affine.bias.data, gain))], { transB: { i: 1 } });
  }

  /** √2 · d, [N, out] = 1/√(s² · Q/2 + ε/2), Q_io = Σ_kk W_oikk². */
  #demodulation(style: string, { weight }: ModulatedConvolution): string {
    const g = this.#g;
    const [outputs, inputs] = weight.dims;
    const halves = g.float32([inputs!, outputs!], halfSquares(weight.data, outputs!, inputs!));
    const sum = g.op('Gemm', [g.op('Mul', [style, style]), halves, g.scalar(this.#settings.epsilon / 2)]);
    return g.op('Reciprocal', [g.op('Sqrt', [sum])]);
  }

  /** [N, C] → [N, C, 1, 1]. */
  #asChannels(value: string): string {
    return this.#g.op('Unsqueeze', [value, this.#g.int64(2, 3)]);
  }

  /** What `make` adds, clipped if the network clips. */
  #clipped(make: (output: string | undefined) => string, name: string | undefined): string {
    const { convClamp } = this.#settings;
    if (convClamp === null) return make(name);
    const g = this.#g;
    return g.op('Clip', [make(undefined), g.scalar(-convClamp), g.scalar(convClamp)], {}, name);
  }
}

/** [out, in, size] → [in, out, size]. */
function swapped(data: Float32Array, outputs: number, inputs: number, size: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      const from = (o * inputs + i) * size;
      out.set(data.subarray(from, from + size), (i * outputs + o) * size);
    }
  return out;
}

/** Σ_kk W_oikk² / 2, [in, out]. */
function halfSquares(weight: Float32Array, outputs: number, inputs: number): Float32Array {
  const size = weight.length / (outputs * inputs);
  const out = new Float32Array(inputs * outputs);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += weight[(o * inputs + i) * size + k]! ** 2;
      out[i * outputs + o] = sum / 2;
    }
  return out;
}
