import { latent } from '../../../src/stylegan/latent.ts';
import type { FloatTensor } from '../../../src/stylegan/tensor-map.ts';

/**
 * A StyleGAN2 with random weights, config-f unless the channel base is another: min(512, base / r) channels at r px. The same 64 k numbers over
 * and over are as good as others here.
 */
export function randomStylegan2(resolution: number, channelBase = 32_768): Map<string, FloatTensor> {
  const numbers = Float32Array.from(latent(1, 65_536));
  const tensors = new Map<string, FloatTensor>();
  const random = (name: string, dims: number[], scale = 1, mean = 0) => {
    const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
    for (let i = 0; i < data.length; i++) data[i] = mean + scale * numbers[(i + 977 * tensors.size) % numbers.length]!;
    tensors.set(name, { dims, data });
  };
  const dense = (name: string, inputs: number, outputs: number, scale: number, mean = 0) => {
    random(`${name}.weight`, [outputs, inputs], scale);
    random(`${name}.bias`, [outputs], 0.1, mean);
  };
  random('mapping.w_avg', [512], 0.1);
  for (let i = 0; i < 8; i++) dense(`mapping.fc${i}`, 512, 512, 100);
  random('synthesis.b4.const', [512, 4, 4]);
  let inputs = 512;
  for (let r = 4; r <= resolution; r *= 2) {
    const outputs = Math.min(512, channelBase / r);
    for (const layer of r === 4 ? ['conv1', 'torgb'] : ['conv0', 'conv1', 'torgb']) {
      const name = `synthesis.b${r}.${layer}`;
      const from = layer === 'conv0' ? inputs : outputs;
      const rgb = layer === 'torgb';
      random(`${name}.weight`, rgb ? [3, from, 1, 1] : [outputs, from, 3, 3], rgb ? 0.1 : 1);
      random(`${name}.bias`, [rgb ? 3 : outputs], 0.1);
      dense(`${name}.affine`, 512, from, 1, 1);
      if (rgb) continue;
      random(`${name}.noise_const`, [r, r]);
      random(`${name}.noise_strength`, [], 0.1);
    }
    inputs = outputs;
  }
  return tensors;
}
