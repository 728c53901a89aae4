import type { TensorMap } from '../../src/stylegan/tensor-map.ts';

/** Activations [channels, height, width] in double precision. */
export interface Activations {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

const EPSILON = 1e-3;
/** The block table of the paper (Tan & Le, 2019), as the released program spells it: kernel, stride of a stage's first block. */
const STAGES = [
  [3, 1],
  [3, 2],
  [5, 2],
  [3, 2],
  [5, 1],
  [5, 2],
  [3, 1],
] as const;

/**
 * EfficientNet-Lite by the formulas, one loop a convolution, with the normalisations as they are and TensorFlow's rule for SAME padding worked out from
 * each size: max((⌈n/s⌉ - 1)·s + k - n, 0) in all, the smaller half before. Gives what the last block of each stage gives.
 * @param picture [3, height, width], already (byte - 127)/128
 */
export function referenceStages(tensors: TensorMap, repeats: readonly number[], picture: Activations): Activations[] {
  const take = (name: string) => tensors.get(name)!.data;
  const convolve = (x: Activations, name: string, stride: number, depthwise = false): Activations => {
    const { dims, data: weights } = tensors.get(`${name}.weight`)!;
    const [outputs, , k] = dims as [number, number, number];
    const [height, width] = [Math.ceil(x.height / stride), Math.ceil(x.width / stride)];
    const before = (n: number, out: number) => Math.floor(Math.max((out - 1) * stride + k - n, 0) / 2);
    const [top, left] = [before(x.height, height), before(x.width, width)];
    const data = new Float64Array(outputs * height * width);
    const inputs = depthwise ? 1 : x.channels;
    for (let o = 0; o < outputs; o++)
      for (let c = 0; c < inputs; c++)
        for (let i = 0; i < k * k; i++) {
          const weight = weights[(o * inputs + c) * k * k + i]!;
          const from = depthwise ? o : c;
          for (let y = 0; y < height; y++) {
            const row = y * stride + Math.floor(i / k) - top;
            if (row < 0 || row >= x.height) continue;
            for (let column = 0; column < width; column++) {
              const at = column * stride + (i % k) - left;
              if (at < 0 || at >= x.width) continue;
              data[(o * height + y) * width + column]! += weight * x.data[(from * x.height + row) * x.width + at]!;
            }
          }
        }
    return { channels: outputs, height, width, data };
  };
  const normalise = (x: Activations, name: string): Activations => {
    const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      take(`${name}.${part}`),
    );
    const size = x.height * x.width;
    return {
      ...x,
      data: x.data.map((value, i) => {
        const c = Math.floor(i / size);
        return (gamma![c]! * (value - mean![c]!)) / Math.sqrt(variance![c]! + EPSILON) + beta![c]!;
      }),
    };
  };
  const relu6 = (x: Activations): Activations => ({ ...x, data: x.data.map((value) => Math.min(6, Math.max(0, value))) });

  let x = relu6(normalise(convolve(picture, '_conv_stem', 2), '_bn0'));
  let block = 0;
  return repeats.map((count, stage) => {
    for (let i = 0; i < count; i++) {
      const name = `_blocks.${block++}`;
      const [kernel, first] = STAGES[stage]!;
      const stride = i === 0 ? first : 1;
      if (tensors.get(`${name}._depthwise_conv.weight`)!.dims[2] !== kernel)
        throw new Error(`${name} has another kernel than stage ${stage + 1}`);
      let inner = x;
      if (stage > 0) inner = relu6(normalise(convolve(inner, `${name}._expand_conv`, 1), `${name}._bn0`));
      inner = relu6(normalise(convolve(inner, `${name}._depthwise_conv`, stride, true), `${name}._bn1`));
      const out = normalise(convolve(inner, `${name}._project_conv`, 1), `${name}._bn2`);
      const skips = stride === 1 && out.channels === x.channels;
      const input = x;
      x = skips ? { ...out, data: out.data.map((value, at) => value + input.data[at]!) } : out;
    }
    return x;
  });
}

/** Logits of the classifier: the head, the mean over the picture, and one linear layer. */
export function referenceLogits(tensors: TensorMap, { channels, height, width, data }: Activations): Float64Array {
  const { dims, data: head } = tensors.get('_conv_head.weight')!;
  const wide = dims[0]!;
  const bn = (part: string) => tensors.get(`_bn1.${part}`)!.data;
  const [gamma, beta, mean, variance] = [bn('weight'), bn('bias'), bn('running_mean'), bn('running_var')];
  const pixels = height * width;
  const pooled = new Float64Array(wide);
  for (let o = 0; o < wide; o++)
    for (let pixel = 0; pixel < pixels; pixel++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += head[o * channels + c]! * data[c * pixels + pixel]!;
      const value = (gamma[o]! * (sum - mean[o]!)) / Math.sqrt(variance[o]! + EPSILON) + beta[o]!;
      pooled[o]! += Math.min(6, Math.max(0, value)) / pixels;
    }
  const { data: weights } = tensors.get('_fc.weight')!;
  return Float64Array.from(tensors.get('_fc.bias')!.data, (bias, k) =>
    pooled.reduce((sum, value, i) => sum + value * weights[k * wide + i]!, bias),
  );
}
