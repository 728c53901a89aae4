import { Random } from '../../../../src/interpreter/learning/random.ts';
import type { FloatTensor, TensorMap } from '../../../../src/stylegan/tensor-map.ts';

/** Channels of a small EfficientNet-Lite with one block a stage, or two. */
const CHANNELS = [4, 6, 8, 10, 12, 14, 16];
const KERNELS = [3, 3, 5, 3, 5, 5, 3];
const STEM = 8;
const EXPANSION = 2;

/** A small EfficientNet-Lite's state dict with random numbers, normalisations included. */
export function randomLite(repeats: readonly number[], seed = 0): TensorMap {
  const random = new Random(seed, 'weights');
  const tensors = new Map<string, FloatTensor>();
  const normal = (...dims: number[]): FloatTensor => {
    const fan = dims.slice(1).reduce((product, size) => product * size, 1);
    const size = fan * dims[0]!;
    return { dims, data: Float32Array.from({ length: size }, () => Math.sqrt(2 / fan) * random.normal()) };
  };
  const layer = (name: string, bn: string, ...dims: [number, number, number, number]) => {
    tensors.set(`${name}.weight`, normal(...dims));
    const each = (make: () => number): FloatTensor => ({ dims: [dims[0]], data: Float32Array.from({ length: dims[0] }, make) });
    tensors.set(
      `${bn}.weight`,
      each(() => 1 + 0.2 * random.normal()),
    );
    tensors.set(
      `${bn}.bias`,
      each(() => 0.3 * random.normal()),
    );
    tensors.set(
      `${bn}.running_mean`,
      each(() => 0.2 * random.normal()),
    );
    tensors.set(
      `${bn}.running_var`,
      each(() => 0.5 + random.normal() ** 2),
    );
  };
  layer('_conv_stem', '_bn0', STEM, 3, 3, 3);
  let channels = STEM;
  let block = 0;
  for (const [stage, count] of repeats.entries()) {
    for (let i = 0; i < count; i++) {
      const name = `_blocks.${block++}`;
      const wide = stage === 0 ? channels : EXPANSION * channels;
      const kernel = KERNELS[stage]!;
      if (stage > 0) layer(`${name}._expand_conv`, `${name}._bn0`, wide, channels, 1, 1);
      layer(`${name}._depthwise_conv`, `${name}._bn1`, wide, 1, kernel, kernel);
      channels = CHANNELS[stage]!;
      layer(`${name}._project_conv`, `${name}._bn2`, channels, wide, 1, 1);
    }
  }
  return tensors;
}
