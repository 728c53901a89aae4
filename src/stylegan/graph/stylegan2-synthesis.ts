import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { GeneratorCard } from '../generator-card.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { constantOf, styleVector } from './common-layers.ts';
import type { GeneratorGraphs } from './generator-graphs.ts';
import { type ResampleKernel, resampleKernel } from './resample-kernel.ts';
import { doubled, smoothed } from './resampling.ts';
import type { ModulatedConvolution, Stylegan2Network, Stylegan2Settings } from './stylegan2-network.ts';
import { activationOf, gainOf, scaled, swapped, USUAL_ACTIVATION } from './weights.ts';

/**
 * The synthesis network of StyleGAN2 (Karras et al. 2020), with the output of every layer as a tap.
 *
 * A layer, with style s = affine(w): y = conv(x · s, W) · d, d_o = 1/√(Σ_i s_i² Σ_kk W_oikk² + ε) (the weights are never scaled per image:
 * that is the same by linearity), y + noise, then gain · act(y + b), clipped; √2 · lrelu in published networks. conv0 doubles the side: a
 * transposed convolution of stride 2,
 * then the resampling filter. toRGB: conv1×1(x · s/√C, W) + b, clipped; the image is the sum of all toRGB, doubled in between, or the last one.
 * A residual block is (conv1(conv0(x)) + doubled(conv1×1(x, skip/√C))) · √½, the clip of conv1 scaled with it.
 */
export function stylegan2Synthesis(
  { mapping, constant, blocks }: Stylegan2Network,
  settings: Stylegan2Settings,
): { model: Model; tapSets: GeneratorGraphs['tapSets'] } {
  const g = new GraphBuilder('synthesis');
  const kernel = resampleKernel(settings.resampleFilter);
  const features: GeneratorCard['taps'] = [];
  const { wDim, numWs } = mapping;
  const ws = g.input('ws', 'float32', ['N', numWs, wDim]);
  const step = new LayerBuilder(g, ws, settings, kernel);
  const tap = (name: string, channels: number, resolution: number) => {
    g.output(`tap.${name}`, 'float32', ['N', channels, resolution, resolution]);
    return { name, channels, resolution };
  };

  let x = constantOf(g, ws, constant, 'tap.const');
  const first = tap('const', constant.dims[0]!, 4);
  let image = '';
  for (const { resolution, conv0, conv1, toRgb, skip } of blocks) {
    const name = `b${resolution}`;
    const channels = conv1.bias.dims[0]!;
    const past = skip === undefined ? undefined : step.past(x, skip);
    if (conv0 !== undefined) {
      x = step.layer(x, conv0, { up: true, resolution, gain: 1 }, `tap.${name}.conv0`);
      features.push(tap(`${name}.conv0`, channels, resolution));
    }
    const gain = past === undefined ? 1 : Math.SQRT1_2;
    x = step.layer(x, conv1, { up: false, resolution, gain }, `tap.${name}.conv1`);
    const last = tap(`${name}.conv1`, channels, resolution);
    if (past === undefined) {
      features.push(last);
    } else {
      x = g.op('Add', [x, past], {}, `tap.${name}.block`);
      features.push(tap(`${name}.block`, channels, resolution));
    }
    if (toRgb !== undefined) {
      const colours = step.toRgb(x, toRgb, `tap.${name}.torgb`);
      tap(`${name}.torgb`, 3, resolution);
      image = image === '' ? colours : g.op('Add', [doubled(g, image, 3, kernel), colours]);
    }
  }
  const { resolution } = blocks.at(-1)!;
  g.output(image, 'float32', ['N', 3, resolution, resolution], 'image');
  return { model: g.model(), tapSets: { default: features, editgan: [first, ...features] } };
}

const ONE_BY_ONE = { kernel_shape: { ints: [1, 1] }, strides: { ints: [1, 1] }, pads: { ints: [0, 0, 0, 0] } };

class LayerBuilder {
  readonly #g: GraphBuilder;
  readonly #ws: string;
  readonly #settings: Stylegan2Settings;
  readonly #kernel: ResampleKernel;

  constructor(g: GraphBuilder, ws: string, settings: Stylegan2Settings, kernel: ResampleKernel) {
    this.#g = g;
    this.#ws = ws;
    this.#settings = settings;
    this.#kernel = kernel;
  }

  /** The way past a residual block: doubled(conv1×1(x, W/√C)) · √½. */
  past(x: string, { dims, data }: FloatTensor): string {
    const g = this.#g;
    const weight = g.float32(dims, scaled(data, Math.SQRT1_2 / Math.sqrt(dims[1]!)));
    return doubled(g, g.op('Conv', [x, weight], ONE_BY_ONE), dims[0]!, this.#kernel);
  }

  /** One layer, times `gain`; its result is the value `name`. */
  layer(
    x: string,
    layer: ModulatedConvolution,
    { up, resolution, gain }: { up: boolean; resolution: number; gain: number },
    name: string,
  ): string {
    const g = this.#g;
    const { activation = USUAL_ACTIVATION } = this.#settings;
    // What can be of the gain is in demodulation, bias and noise.
    const { before: factor, apply } = activationOf(activation, gainOf(activation) * gain);
    const [outputs, inputs] = layer.weight.dims;
    const style = this.#style(layer, 1);
    const modulated = g.op('Mul', [x, this.#asChannels(style)]);
    const demodulation = this.#asChannels(this.#demodulation(style, layer, factor));
    const bias = g.float32(up ? [outputs!] : [1, outputs!, 1, 1], scaled(layer.bias.data, factor));
    let y: string;
    if (up) {
      const weight = g.float32([inputs!, outputs!, 3, 3], swapped(layer.weight.data, outputs!, inputs!, 9));
      y = g.op('ConvTranspose', [modulated, weight], {
        kernel_shape: { ints: [3, 3] },
        strides: { ints: [2, 2] },
        pads: { ints: [0, 0, 0, 0] },
      });
      // Scaled before the filter, so that filter, bias and activation are one fused convolution.
      y = smoothed(g, g.op('Mul', [y, demodulation]), outputs!, this.#kernel, [bias]);
    } else {
      const weight = g.float32(layer.weight.dims, layer.weight.data);
      y = g.op('Conv', [modulated, weight], {
        kernel_shape: { ints: [3, 3] },
        strides: { ints: [1, 1] },
        pads: { ints: [1, 1, 1, 1] },
      });
      y = g.op('Add', [g.op('Mul', [y, demodulation]), bias]);
    }
    if (layer.noise !== undefined) y = g.op('Add', [y, g.float32([1, 1, resolution, resolution], scaled(layer.noise, factor))]);
    return this.#clipped((output) => apply(g, y, output), gain, name);
  }

  /** The colours of this layer; its result is the value `name`. */
  toRgb(x: string, layer: ModulatedConvolution, name: string): string {
    const g = this.#g;
    const style = this.#style(layer, 1 / Math.sqrt(layer.weight.dims[1]!));
    const modulated = g.op('Mul', [x, this.#asChannels(style)]);
    const inputs = [modulated, g.float32(layer.weight.dims, layer.weight.data), g.float32(layer.bias.dims, layer.bias.data)];
    return this.#clipped((output) => g.op('Conv', inputs, ONE_BY_ONE, output), 1, name);
  }

  /** affine(w) · gain, [N, in]. */
  #style({ affine, wIndex }: ModulatedConvolution, gain: number): string {
    return styleVector(this.#g, this.#ws, wIndex, affine, gain);
  }

  /** f · d, [N, out] = 1/√(s² · Q/f² + ε/f²), Q_io = Σ_kk W_oikk². */
  #demodulation(style: string, { weight }: ModulatedConvolution, f: number): string {
    const g = this.#g;
    const [outputs, inputs] = weight.dims;
    const square = f * f;
    const squares = g.float32([inputs!, outputs!], sumsOfSquares(weight.data, outputs!, inputs!, square));
    const sum = g.op('Gemm', [g.op('Mul', [style, style]), squares, g.scalar(this.#settings.epsilon / square)]);
    return g.op('Reciprocal', [g.op('Sqrt', [sum])]);
  }

  /** [N, C] → [N, C, 1, 1]. */
  #asChannels(value: string): string {
    return this.#g.op('Unsqueeze', [value, this.#g.int64(2, 3)]);
  }

  /** What `make` adds, clipped to ± gain · the network's bound if it has one. */
  #clipped(make: (output: string | undefined) => string, gain: number, name: string): string {
    const { convClamp } = this.#settings;
    if (convClamp === null) return make(name);
    const g = this.#g;
    return g.op('Clip', [make(undefined), g.scalar(-convClamp * gain), g.scalar(convClamp * gain)], {}, name);
  }
}

/** Σ_kk W_oikk² / divisor, [in, out]. */
function sumsOfSquares(weight: Float32Array, outputs: number, inputs: number, divisor: number): Float32Array {
  const size = weight.length / (outputs * inputs);
  const out = new Float32Array(inputs * outputs);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += weight[(o * inputs + i) * size + k]! ** 2;
      out[i * outputs + o] = sum / divisor;
    }
  return out;
}
