import type { Stylegan2Settings } from '../../src/stylegan/graph/stylegan2-network.ts';
import type { TensorMap } from '../../src/stylegan/tensor-map.ts';

/** [channels, side, side] in float64. */
interface Maps {
  readonly channels: number;
  readonly side: number;
  readonly data: Float64Array;
}

/**
 * StyleGAN2 written a second time, in plain float64 from the paper's formulas, the other way round from the product's graphs: weights are modulated
 * and demodulated per image, and every resampling is its definition (insert zeros, pad, convolve).
 */
export class ReferenceStylegan2 {
  readonly #tensors: TensorMap;
  readonly #settings: Stylegan2Settings;

  constructor(tensors: TensorMap, settings: Stylegan2Settings) {
    this.#tensors = tensors;
    this.#settings = settings;
  }

  #get(name: string): readonly number[] {
    return [...this.#tensors.get(name)!.data];
  }

  #dense(name: string, x: readonly number[], gain: number, biasGain: number): number[] {
    const weight = this.#get(`${name}.weight`);
    return this.#get(`${name}.bias`).map(
      (bias, o) => bias * biasGain + x.reduce((sum, value, i) => sum + value * weight[o * x.length + i]! * gain, 0),
    );
  }

  #normalise(x: readonly number[]): number[] {
    const mean = x.reduce((sum, value) => sum + value * value, 0) / x.length;
    return x.map((value) => value / Math.sqrt(mean + this.#settings.epsilon));
  }

  /** ws, one row a layer. */
  styles(z: readonly number[], c: readonly number[], psi: readonly number[]): number[][] {
    const { lrMultiplier } = this.#settings;
    const label = this.#tensors.has('mapping.label_concat.weight') ? this.#get('mapping.label_concat.weight') : undefined;
    let x = this.#normalise(z);
    if (label !== undefined) {
      const outputs = label.length / c.length;
      const y = Array.from({ length: outputs }, (_, o) => c.reduce((sum, value, i) => sum + value * label[o * c.length + i]!, 0));
      x = this.#normalise([...z, ...y]);
    } else if (c.length > 0) x = [...x, ...this.#normalise(this.#dense('mapping.embed', c, 1 / Math.sqrt(c.length), 1))];
    for (let i = 0; this.#tensors.has(`mapping.fc${i}.weight`); i++) {
      const y = this.#dense(`mapping.fc${i}`, x, lrMultiplier / Math.sqrt(x.length), lrMultiplier);
      x = y.map(activated(this.#settings.mappingActivation));
    }
    const average = this.#get('mapping.w_avg');
    return psi.map((p) => average.map((mean, i) => mean + p * (x[i]! - mean)));
  }

  /** The image and every tap, of ws. */
  synthesize(ws: readonly (readonly number[])[]): Map<string, Maps> {
    const outputs = new Map<string, Maps>();
    const constant = this.#tensors.get('synthesis.b4.const')!;
    let x: Maps = { channels: constant.dims[0]!, side: 4, data: Float64Array.from(constant.data) };
    outputs.set('tap.const', x);
    let image: Maps | undefined;
    for (let r = 4, w = 0; this.#tensors.has(`synthesis.b${r}.conv1.weight`); r *= 2) {
      const name = `synthesis.b${r}`;
      const before = x;
      const residual = this.#tensors.has(`${name}.skip.weight`);
      for (const layer of r === 4 ? ['conv1'] : ['conv0', 'conv1']) {
        x = this.#layer(x, `${name}.${layer}`, ws[w++]!, layer === 'conv0', residual && layer === 'conv1' ? Math.SQRT1_2 : 1);
        outputs.set(`tap.b${r}.${layer}`, x);
      }
      if (residual) {
        const past = this.#doubled(this.#skip(before, `${name}.skip`));
        x = { ...x, data: x.data.map((value, i) => value + past.data[i]! * Math.SQRT1_2) };
        outputs.set(`tap.b${r}.block`, x);
      }
      if (!this.#tensors.has(`${name}.torgb.weight`)) continue;
      const colours = this.#toRgb(x, `${name}.torgb`, ws[w]!);
      outputs.set(`tap.b${r}.torgb`, colours);
      const larger = image === undefined ? undefined : this.#doubled(image);
      image = larger === undefined ? colours : { ...colours, data: colours.data.map((value, i) => value + larger.data[i]!) };
    }
    return outputs.set('image', image!);
  }

  #skip(x: Maps, name: string): Maps {
    const weight = this.#get(`${name}.weight`).map((value) => value / Math.sqrt(x.channels));
    return correlate(x, weight, weight.length / x.channels, 1);
  }

  #layer(x: Maps, name: string, w: readonly number[], up: boolean, gain: number): Maps {
    const style = this.#dense(`${name}.affine`, w, 1 / Math.sqrt(w.length), 1);
    const [outputs, inputs] = this.#tensors.get(`${name}.weight`)!.dims as [number, number];
    const weight = this.#get(`${name}.weight`).map((value, at) => value * style[Math.floor(at / 9) % inputs]!);
    for (let o = 0; o < outputs; o++) {
      const own = weight.slice(o * inputs * 9, (o + 1) * inputs * 9);
      const d = 1 / Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) + this.#settings.epsilon);
      for (const [i, value] of own.entries()) weight[o * inputs * 9 + i] = value * d;
    }
    // Up: the 3 × 3 weights at the doubled size, as a true convolution (which a padding of 2 leaves whole), then the filter.
    const y = up
      ? this.#filtered(correlate(padded(zerosBetween(x), 2), flipped(weight, 9), outputs, 3), 2 * x.side, 1)
      : correlate(padded(x, 1), weight, outputs, 3);
    const bias = this.#get(`${name}.bias`);
    const noise = this.#tensors.has(`${name}.noise_const`) ? this.#get(`${name}.noise_const`) : undefined;
    const strength = noise === undefined ? 0 : this.#get(`${name}.noise_strength`)[0]!;
    const area = y.side * y.side;
    const act = activated(this.#settings.activation);
    const data = y.data.map((value, at) => {
      const noisy = value + strength * (noise?.[at % area] ?? 0);
      return gain * this.#clip(act(noisy + bias[Math.floor(at / area)]!));
    });
    return { ...y, data };
  }

  #toRgb(x: Maps, name: string, w: readonly number[]): Maps {
    const style = this.#dense(`${name}.affine`, w, 1 / Math.sqrt(w.length), 1);
    const weight = this.#get(`${name}.weight`).map((value, at) => (value * style[at % x.channels]!) / Math.sqrt(x.channels));
    const y = correlate(x, weight, 3, 1);
    const bias = this.#get(`${name}.bias`);
    return { ...y, data: y.data.map((value, at) => this.#clip(value + bias[Math.floor(at / y.side ** 2)]!)) };
  }

  #doubled(x: Maps): Maps {
    return this.#filtered(zerosBetween(x), 2 * x.side, 0);
  }

  /**
   * True convolution of every channel with 4 · f / Σ f: y[i, j] = Σ_ab f[a, b] · x[i + p(rows) - a, j + p(columns) - b], where a filter of n taps has
   * p(n) = n - 1 - ⌊(n + 1) / 2⌋ + further. Outside x is 0.
   */
  #filtered(x: Maps, side: number, further: number): Maps {
    const f = rowsOf(this.#settings.resampleFilter);
    const sum = f.flat().reduce((total, value) => total + value, 0);
    const at = (n: number) => n - 1 - Math.floor((n + 1) / 2) + further;
    const [down, right] = [at(f.length), at(f[0]!.length)];
    const data = new Float64Array(x.channels * side * side);
    for (let i = 0; i < data.length; i++) {
      const [channel, row, column] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
      for (const [a, taps] of f.entries())
        for (const [b, tap] of taps.entries()) {
          const [from, across] = [row + down - a, column + right - b];
          if (from < 0 || across < 0 || from >= x.side || across >= x.side) continue;
          data[i] = data[i]! + ((4 * tap) / sum) * x.data[(channel * x.side + from) * x.side + across]!;
        }
    }
    return { channels: x.channels, side, data };
  }

  #clip(value: number): number {
    const { convClamp } = this.#settings;
    return convClamp === null ? value : Math.min(Math.max(value, -convClamp), convClamp);
  }
}

/** A resampling filter in two dimensions; of a list its outer product with itself. */
export function rowsOf(filter: Stylegan2Settings['resampleFilter']): (readonly number[])[] {
  return filter.map((value) => (typeof value === 'number' ? (filter as readonly number[]).map((other) => value * other) : value));
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** gain · act(x) of every activation that NVIDIA's programs offer, from their definitions; undefined is lrelu. */
function activated(name: Stylegan2Settings['activation'] = 'lrelu'): (x: number) => number {
  return {
    linear: (x: number) => x,
    relu: (x: number) => Math.SQRT2 * Math.max(x, 0),
    lrelu: (x: number) => Math.SQRT2 * (x < 0 ? 0.2 * x : x),
    tanh: Math.tanh,
    sigmoid,
    elu: (x: number) => (x < 0 ? Math.expm1(x) : x),
    selu: (x: number) => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x),
    softplus: (x: number) => Math.log1p(Math.exp(x)),
    swish: (x: number) => Math.SQRT2 * x * sigmoid(x),
  }[name];
}

/** Every run of `size` values backwards. */
function flipped(values: readonly number[], size: number): number[] {
  return values.map((_, i) => values[i - (i % size) + (size - 1 - (i % size))]!);
}

/** A zero after every sample, in both directions. */
function zerosBetween({ channels, side, data }: Maps): Maps {
  const out = new Float64Array(channels * 4 * side * side);
  for (let i = 0; i < data.length; i++) {
    const [channel, row, column] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    out[(channel * 2 * side + 2 * row) * 2 * side + 2 * column] = data[i]!;
  }
  return { channels, side: 2 * side, data: out };
}

/** `margin` zeros on every side. */
function padded({ channels, side, data }: Maps, margin: number): Maps {
  const wide = side + 2 * margin;
  const out = new Float64Array(channels * wide * wide);
  for (let i = 0; i < data.length; i++) {
    const [channel, row, column] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    out[(channel * wide + margin + row) * wide + margin + column] = data[i]!;
  }
  return { channels, side: wide, data: out };
}

/** Correlation with weight [outputs, channels, k, k], only where the kernel is inside. */
function correlate(x: Maps, weight: readonly number[], outputs: number, k: number): Maps {
  const side = x.side - k + 1;
  const data = new Float64Array(outputs * side * side);
  for (let o = 0; o < outputs; o++)
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        let sum = 0;
        for (let i = 0; i < x.channels; i++)
          for (let a = 0; a < k; a++)
            for (let b = 0; b < k; b++)
              sum += weight[((o * x.channels + i) * k + a) * k + b]! * x.data[(i * x.side + row + a) * x.side + column + b]!;
        data[(o * side + row) * side + column] = sum;
      }
  return { channels: outputs, side, data };
}
