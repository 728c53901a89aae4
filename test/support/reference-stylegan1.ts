import type { Stylegan1Settings } from '../../src/stylegan/graph/stylegan1-network.ts';
import { latent } from '../../src/stylegan/latent.ts';
import type { FloatTensor, TensorMap } from '../../src/stylegan/tensor-map.ts';

/** A StyleGAN1 with random weights: z 5, w 6, two mapping layers, 16 px, and noise whose weight differs between channels. */
export function tinyStylegan1(channels = [4, 3, 2]): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  const random = (name: string, dims: number[], scale = 1) => {
    const count = dims.reduce((product, size) => product * size, 1);
    tensors.set(name, { dims, data: Float32Array.from(latent(100 + tensors.size, count), (value) => scale * value) });
  };
  random('mapping.w_avg', [6], 0.2);
  for (const [i, inputs] of [5, 6].entries()) {
    random(`mapping.fc${i}.weight`, [6, inputs], 100);
    random(`mapping.fc${i}.bias`, [6], 30);
  }
  random('synthesis.b4.const', [channels[0]!, 4, 4]);
  for (const [i, outputs] of channels.entries()) {
    const r = 4 * 2 ** i;
    if (i > 0) random(`synthesis.b${r}.conv0.weight`, [outputs, channels[i - 1]!, 3, 3]);
    random(`synthesis.b${r}.conv1.weight`, [outputs, outputs, 3, 3]);
    for (const index of [0, 1]) {
      const name = `synthesis.b${r}.epilogue${index}`;
      random(`${name}.bias`, [outputs], 0.3);
      random(`${name}.noise_const`, [r, r]);
      random(`${name}.noise_weight`, [outputs], 0.5);
      random(`${name}.style.weight`, [2 * outputs, 6]);
      random(`${name}.style.bias`, [2 * outputs], 0.3);
    }
  }
  random('synthesis.torgb.weight', [3, channels.at(-1)!, 1, 1]);
  random('synthesis.torgb.bias', [3], 0.3);
  return tensors;
}

/** [channels][row][column] */
type Maps = number[][][];

/** StyleGAN1 written a second time, in plain float64, pixel by pixel from the paper's formulas. */
export class ReferenceStylegan1 {
  readonly #tensors: TensorMap;
  readonly #settings: Stylegan1Settings;

  constructor(tensors: TensorMap, settings: Stylegan1Settings) {
    this.#tensors = tensors;
    this.#settings = settings;
  }

  #get(name: string): FloatTensor {
    return this.#tensors.get(name)!;
  }

  styles(z: readonly number[], psi: readonly number[]): number[][] {
    const length = Math.sqrt(z.reduce((sum, value) => sum + value * value, 0) / z.length + 1e-8);
    let x = z.map((value) => value / length);
    const { lrMultiplier: lr } = this.#settings;
    for (let i = 0; this.#tensors.has(`mapping.fc${i}.weight`); i++) {
      const { dims, data } = this.#get(`mapping.fc${i}.weight`);
      const bias = this.#get(`mapping.fc${i}.bias`).data;
      const inputs = dims[1]!;
      const gain = (Math.SQRT2 * lr) / Math.sqrt(inputs);
      const before = x;
      x = Array.from(bias, (b, o) => lrelu(before.reduce((sum, value, j) => sum + value * data[o * inputs + j]! * gain, b * lr)));
    }
    const average = this.#get('mapping.w_avg').data;
    return psi.map((p) => x.map((value, i) => average[i]! + p * (value - average[i]!)));
  }

  /** Image and every tap, as flat arrays. */
  synthesize(ws: readonly (readonly number[])[]): Map<string, number[]> {
    const outputs = new Map<string, number[]>();
    const keep = (name: string, maps: Maps) => {
      outputs.set(name, maps.flat(2));
      return maps;
    };
    const constant = this.#get('synthesis.b4.const');
    let x = keep(
      'tap.const',
      tabulate(constant.dims[0]!, 4, (c, i, j) => constant.data[(c * 4 + i) * 4 + j]!),
    );
    let layer = 0;
    for (let r = 4; this.#tensors.has(`synthesis.b${r}.conv1.weight`); r *= 2) {
      const name = `synthesis.b${r}`;
      if (r > 4) x = this.#blurred(r >= this.#settings.fusedFrom ? this.#transposed(x, name) : this.#repeated(x, name));
      x = this.#biased(x, `${name}.epilogue0.bias`);
      if (r > 4) keep(`tap.b${r}.conv0`, x);
      x = keep(`tap.b${r}.adain0`, this.#epilogue(x, `${name}.epilogue0`, ws[layer++]!));
      x = this.#convolved(x, `${name}.conv1.weight`);
      x = keep(`tap.b${r}.conv`, this.#biased(x, `${name}.epilogue1.bias`));
      x = keep(`tap.b${r}.adain`, this.#epilogue(x, `${name}.epilogue1`, ws[layer++]!));
    }
    const rgb = this.#get('synthesis.torgb.weight').data;
    const bias = this.#get('synthesis.torgb.bias').data;
    const last = x;
    const image = tabulate(3, last[0]!.length, (o, i, j) =>
      last.reduce((sum, map, c) => sum + (map[i]![j]! * rgb[o * last.length + c]!) / Math.sqrt(last.length), bias[o]!),
    );
    keep('image', image);
    return outputs;
  }

  #biased(x: Maps, name: string): Maps {
    const bias = this.#get(name).data;
    return x.map((map, c) => map.map((line) => line.map((value) => value + bias[c]!)));
  }

  /** W[o][c][a][b] √2/√(in·9). */
  #weight(name: string): (o: number, c: number, a: number, b: number) => number {
    const { dims, data } = this.#get(name);
    const gain = Math.SQRT2 / Math.sqrt(dims[1]! * 9);
    return (o, c, a, b) => data[((o * dims[1]! + c) * 3 + a) * 3 + b]! * gain;
  }

  #convolved(x: Maps, name: string): Maps {
    const weight = this.#weight(name);
    const side = x[0]!.length;
    return tabulate(this.#get(name).dims[0]!, side, (o, i, j) => {
      let sum = 0;
      for (const [c, map] of x.entries())
        for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) sum += weight(o, c, a, b) * (map[i + a - 1]?.[j + b - 1] ?? 0);
      return sum;
    });
  }

  #repeated(x: Maps, name: string): Maps {
    const wide = tabulate(x.length, 2 * x[0]!.length, (c, i, j) => x[c]![i >> 1]![j >> 1]!);
    return this.#convolved(wide, `${name}.conv0.weight`);
  }

  /** Every pixel spreads the 4 × 4 kernel, whose corner is a pixel up and left of the pixel's doubled place. */
  #transposed(x: Maps, name: string): Maps {
    const weight = this.#weight(`${name}.conv0.weight`);
    const side = 2 * x[0]!.length;
    const out = tabulate(this.#get(`${name}.conv0.weight`).dims[0]!, side, () => 0);
    for (const [o, target] of out.entries())
      for (const [c, map] of x.entries())
        for (const [i, line] of map.entries())
          for (const [j, value] of line.entries())
            for (let a = 0; a < 3; a++)
              for (let b = 0; b < 3; b++)
                for (const [down, right] of [
                  [0, 0],
                  [0, 1],
                  [1, 0],
                  [1, 1],
                ] as const) {
                  const [row, column] = [2 * i - 1 + a + down, 2 * j - 1 + b + right];
                  if (row >= 0 && column >= 0 && row < side && column < side) target[row]![column]! += value * weight(o, c, a, b);
                }
    return out;
  }

  #blurred(x: Maps): Maps {
    const f = [1, 2, 1];
    return tabulate(x.length, x[0]!.length, (c, i, j) => {
      let sum = 0;
      for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) sum += (f[a]! * f[b]! * (x[c]![i + a - 1]?.[j + b - 1] ?? 0)) / 16;
      return sum;
    });
  }

  #epilogue(x: Maps, name: string, w: readonly number[]): Maps {
    const noise = this.#get(`${name}.noise_const`).data;
    const strength = this.#get(`${name}.noise_weight`).data;
    const style = this.#get(`${name}.style.weight`).data;
    const bias = this.#get(`${name}.style.bias`).data;
    const vector = Array.from(bias, (b, o) =>
      w.reduce((sum, value, i) => sum + (value * style[o * w.length + i]!) / Math.sqrt(w.length), b),
    );
    return x.map((map, c) => {
      const active = map.map((line, i) => line.map((value, j) => lrelu(value + strength[c]! * noise[i * line.length + j]!)));
      const all = active.flat();
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
      const scale = (vector[c]! + 1) / Math.sqrt(variance + this.#settings.epsilon);
      return active.map((line) => line.map((value) => (value - mean) * scale + vector[x.length + c]!));
    });
  }
}

const lrelu = (x: number) => (x < 0 ? 0.2 * x : x);

const tabulate = (channels: number, side: number, value: (c: number, i: number, j: number) => number): Maps =>
  Array.from({ length: channels }, (_, c) =>
    Array.from({ length: side }, (__, i) => Array.from({ length: side }, (___, j) => value(c, i, j))),
  );
