import type { Stylegan3LayerSettings, Stylegan3Settings } from '../../src/stylegan/graph/stylegan3-network.ts';
import { latent } from '../../src/stylegan/latent.ts';
import type { FloatTensor, TensorMap } from '../../src/stylegan/tensor-map.ts';

const layer = (
  name: string,
  [up, down]: readonly [number, number],
  padding: Stylegan3LayerSettings['padding'],
  [inSize, outSize, samplingRate]: readonly [number, number, number],
  clamp: number | null,
): Stylegan3LayerSettings => ({ name, up, down, padding, inSize, outSize, samplingRate, clamp });

/** One layer as in StyleGAN3-T (3 × 3, separable filters), one as in -R (1 × 1, four times enlarged, a filter in two dimensions), and the colours. */
export const TINY3_SETTINGS: Stylegan3Settings = {
  lrMultiplier: 0.01,
  input: { size: 8, samplingRate: 4, bandwidth: 0.7 },
  layers: [
    layer('L0_8_4', [2, 2], [4, 2, 3, 3], [8, 8, 4], 1.5),
    layer('L1_12_3', [4, 2], [1, 1, 1, 1], [8, 12, 8], null),
    layer('L2_12_3', [1, 1], [0, 0, 0, 0], [12, 12, 12], 256),
  ],
  outputScale: 0.25,
};

/** A StyleGAN3 with random weights and asymmetric filters. */
export function tinyStylegan3(): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  const random = (name: string, dims: number[], scale = 1, mean = 0) => {
    const count = dims.reduce((product, size) => product * size, 1);
    const data = Float32Array.from(latent(300 + tensors.size, count), (value) => mean + scale * value);
    tensors.set(name, { dims, data });
  };
  random('mapping.w_avg', [6], 0.2);
  for (const [i, inputs] of [5, 6].entries()) {
    random(`mapping.fc${i}.weight`, [6, inputs], 100);
    random(`mapping.fc${i}.bias`, [6], 30);
  }
  random('synthesis.input.freqs', [4, 2]);
  random('synthesis.input.phases', [4]);
  random('synthesis.input.weight', [4, 4]);
  random('synthesis.input.affine.weight', [4, 6], 0.5);
  random('synthesis.input.affine.bias', [4], 0.3, 0.5);
  random('synthesis.input.transform', [3, 3], 0.5);
  const shapes = [
    [4, 4, 3],
    [3, 4, 1],
    [3, 3, 1],
  ] as const;
  for (const [i, [outputs, inputs, k]] of shapes.entries()) {
    const name = `synthesis.${TINY3_SETTINGS.layers[i]!.name}`;
    random(`${name}.weight`, [outputs, inputs, k, k]);
    random(`${name}.bias`, [outputs], 0.3);
    random(`${name}.affine.weight`, [inputs, 6]);
    random(`${name}.affine.bias`, [inputs], 0.3, 1);
    tensors.set(`${name}.magnitude_ema`, { dims: [], data: Float32Array.of(0.5 + i) });
  }
  random('synthesis.L0_8_4.up_filter', [6], 0.3);
  random('synthesis.L0_8_4.down_filter', [6], 0.3);
  random('synthesis.L1_12_3.up_filter', [8], 0.3);
  random('synthesis.L1_12_3.down_filter', [5, 5], 0.2);
  return tensors;
}

/** [channels][row][column] */
type Maps = number[][][];

/** The synthesis network of StyleGAN3 written a second time, in plain float64: every resampling is its definition. Outputs whole, as `layer.NAME`, and `image`. */
export function referenceStylegan3(
  tensors: TensorMap,
  settings: Stylegan3Settings,
  ws: readonly (readonly number[])[],
): Map<string, number[]> {
  const get = (name: string) => tensors.get(name)!;
  const affine = (name: string, w: readonly number[]) =>
    Array.from(get(`${name}.affine.bias`).data, (b, o) =>
      w.reduce((sum, value, i) => sum + (value * get(`${name}.affine.weight`).data[o * w.length + i]!) / Math.sqrt(w.length), b),
    );
  const outputs = new Map<string, number[]>();
  let x = firstMaps(tensors, settings, affine('synthesis.input', ws[0]!));
  outputs.set('layer.input', x.flat(2));
  for (const [i, given] of settings.layers.entries()) {
    const name = `synthesis.${given.name}`;
    const { dims, data } = get(`${name}.weight`);
    const [outs, ins, k] = dims as [number, number, number];
    const colours = i === settings.layers.length - 1;
    const own = ins * k * k;
    let style = affine(name, ws[i + 1]!);
    const weights = Array.from({ length: outs }, (_, o) => [...data.subarray(o * own, (o + 1) * own)]);
    if (colours) {
      style = style.map((value) => value / Math.sqrt(own));
    } else {
      const size = Math.sqrt(style.reduce((sum, value) => sum + value * value, 0) / ins);
      style = style.map((value) => value / size);
    }
    // Modulated and demodulated per image, as the paper says it.
    for (const row of weights) {
      const size = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / own);
      for (const [at, value] of row.entries()) row[at] = (colours ? value : value / size) * style[Math.floor(at / (k * k))]!;
      const d = colours ? 1 : 1 / Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) + 1e-8);
      const gain = d / Math.sqrt(get(`${name}.magnitude_ema`).data[0]!);
      for (const at of row.keys()) row[at]! *= gain;
    }
    const before = x;
    const bias = get(`${name}.bias`).data;
    x = weights.map((row, o) =>
      grid(given.inSize + k - 1, given.inSize + k - 1, (y, c) => {
        let sum = bias[o]!;
        for (let input = 0; input < ins; input++)
          for (let a = 0; a < k; a++)
            for (let b = 0; b < k; b++)
              sum += row[(input * k + a) * k + b]! * (before[input]![y + a - k + 1]?.[c + b - k + 1] ?? 0);
        return sum;
      }),
    );
    const up = tensors.get(`${name}.up_filter`);
    if (up !== undefined)
      x = x.map((map) => convolved(padded(spread(map, given.up), given.padding), outer([...up.data]), given.up ** 2));
    const clamp = given.clamp ?? Number.POSITIVE_INFINITY;
    const activate = (value: number) => (colours ? value : Math.SQRT2 * (value < 0 ? 0.2 * value : value));
    x = x.map((map) => map.map((line) => line.map((value) => Math.min(Math.max(activate(value), -clamp), clamp))));
    const down = tensors.get(`${name}.down_filter`);
    if (down !== undefined) {
      const n = down.dims[0]!;
      const kernel = down.dims.length === 1 ? outer([...down.data]) : grid(n, n, (a, b) => down.data[a * n + b]!);
      const every = (map: number[][]) =>
        map.filter((_, y) => y % given.down === 0).map((line) => line.filter((_, c) => c % given.down === 0));
      x = x.map((map) => every(convolved(map, kernel, 1)));
    }
    outputs.set(`layer.${given.name}`, x.flat(2));
  }
  outputs.set(
    'image',
    x.flat(2).map((value) => value * settings.outputScale),
  );
  return outputs;
}

function firstMaps(tensors: TensorMap, { input }: Stylegan3Settings, [rc, rs, tx, ty]: readonly number[]): Maps {
  const get = (name: string) => tensors.get(`synthesis.input.${name}`)!.data;
  const length = Math.hypot(rc!, rs!);
  const [c, s, a, b] = [rc! / length, rs! / length, tx! / length, ty! / length];
  const turn = [c, -s, 0, s, c, 0, 0, 0, 1];
  const shift = [1, 0, -a, 0, 1, -b, 0, 0, 1];
  const m = product3(product3(turn, shift), [...get('transform')]);
  const { size, samplingRate, bandwidth } = input;
  const raw = Array.from(get('phases'), (phase, channel) => {
    const [fx, fy] = [get('freqs')[2 * channel]!, get('freqs')[2 * channel + 1]!];
    const [gx, gy] = [fx * m[0]! + fy * m[3]!, fx * m[1]! + fy * m[4]!];
    const moved = phase + fx * m[2]! + fy * m[5]!;
    const amplitude = Math.min(Math.max(1 - (Math.hypot(gx, gy) - bandwidth) / (samplingRate / 2 - bandwidth), 0), 1);
    const at = (j: number) => ((2 * j + 1) / size - 1) * ((0.5 * size) / samplingRate);
    return grid(size, size, (i, j) => amplitude * Math.sin(2 * Math.PI * (gx * at(j) + gy * at(i) + moved)));
  });
  const channels = raw.length;
  return raw.map((_, o) =>
    grid(size, size, (i, j) =>
      raw.reduce((sum, map, n) => sum + (map[i]![j]! * get('weight')[o * channels + n]!) / Math.sqrt(channels), 0),
    ),
  );
}

const grid = (height: number, width: number, value: (y: number, x: number) => number): number[][] =>
  Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => value(y, x)));

const product3 = (p: readonly number[], q: readonly number[]) =>
  Array.from({ length: 9 }, (_, at) =>
    [0, 1, 2].reduce((sum, k) => sum + p[3 * Math.floor(at / 3) + k]! * q[3 * k + (at % 3)]!, 0),
  );

const outer = (f: readonly number[]) => grid(f.length, f.length, (a, b) => f[a]! * f[b]!);

/** `up` - 1 zeros after every sample, in both directions. */
const spread = (map: readonly number[][], up: number) =>
  grid(map.length * up, map[0]!.length * up, (y, x) => (y % up === 0 && x % up === 0 ? map[y / up]![x / up]! : 0));

const padded = (map: readonly number[][], [left, right, top, bottom]: readonly [number, number, number, number]) =>
  grid(map.length + top + bottom, map[0]!.length + left + right, (y, x) => map[y - top]?.[x - left] ?? 0);

/** True convolution, only where the kernel is inside, times `gain`. */
function convolved(map: readonly number[][], kernel: readonly number[][], gain: number): number[][] {
  const n = kernel.length;
  return grid(map.length - n + 1, map[0]!.length - n + 1, (y, x) => {
    let sum = 0;
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) sum += kernel[n - 1 - a]![n - 1 - b]! * map[y + a]![x + b]!;
    return gain * sum;
  });
}
