import type { Stylegan2Settings } from '../../src/stylegan/graph/stylegan2-network.ts';
import { latent } from '../../src/stylegan/latent.ts';
import type { FloatTensor } from '../../src/stylegan/tensor-map.ts';

export interface TinyOptions {
  readonly channels?: readonly number[];
  readonly noise?: boolean;
  readonly classes?: number;
  /** The way of StyleGAN2 for TensorFlow to take classes. */
  readonly labelConcat?: boolean;
  readonly architecture?: 'skip' | 'resnet' | 'orig';
}

export const TINY_SETTINGS: Stylegan2Settings = {
  lrMultiplier: 0.01,
  resampleFilter: [1, 3, 3, 1],
  convClamp: null,
  epsilon: 1e-8,
};

/** A StyleGAN2 with random weights: z 5, w 6, two mapping layers, `channels` from 4 px up. */
export function tinyStylegan2(options: TinyOptions = {}): Map<string, FloatTensor> {
  const { channels = [4, 3, 2], noise = false, classes = 0, labelConcat = false, architecture = 'skip' } = options;
  const tensors = new Map<string, FloatTensor>();
  const random = (name: string, dims: number[], scale = 1, mean = 0) => {
    const values = latent(
      tensors.size + 1,
      dims.reduce((product, size) => product * size, 1),
    );
    tensors.set(name, { dims, data: Float32Array.from(values, (value) => mean + scale * value) });
  };
  const dense = (name: string, inputs: number, outputs: number, scale: number, mean = 0) => {
    random(`${name}.weight`, [outputs, inputs], scale);
    random(`${name}.bias`, [outputs], 0.3 * scale, mean);
  };
  random('mapping.w_avg', [6], 0.2);
  // Weights of NVIDIA's mapping networks are 1 / lrMultiplier great.
  dense('mapping.fc0', 5 + (classes > 0 ? 6 : 0), 6, 100);
  dense('mapping.fc1', 6, 6, 100);
  if (classes > 0 && labelConcat) random('mapping.label_concat.weight', [6, classes]);
  else if (classes > 0) dense('mapping.embed', classes, 6, 1);
  random('synthesis.b4.const', [channels[0]!, 4, 4]);
  let inputs = channels[0]!;
  for (const [i, outputs] of channels.entries()) {
    const r = 4 * 2 ** i;
    if (architecture === 'resnet' && i > 0) random(`synthesis.b${r}.skip.weight`, [outputs, inputs, 1, 1]);
    const colours = architecture === 'skip' || i === channels.length - 1;
    for (const layer of [...(i === 0 ? [] : ['conv0']), 'conv1', ...(colours ? ['torgb'] : [])]) {
      const name = `synthesis.b${r}.${layer}`;
      const rgb = layer === 'torgb';
      const from = layer === 'conv0' ? inputs : outputs;
      random(`${name}.weight`, rgb ? [3, from, 1, 1] : [outputs, from, 3, 3]);
      random(`${name}.bias`, [rgb ? 3 : outputs], 0.3);
      dense(`${name}.affine`, 6, from, 1, 1);
      if (noise && !rgb) {
        random(`${name}.noise_const`, [r, r]);
        random(`${name}.noise_strength`, [], 0.5);
      }
    }
    inputs = outputs;
  }
  return tensors;
}
