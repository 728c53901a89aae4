import { unsupported } from '../checkpoint/refusal.ts';
import type { Budget } from '../checkpoint/strided.ts';
import type { TfNetwork } from '../checkpoint/tf-network.ts';
import { stylegan1Graphs } from '../graph/stylegan1.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { kernelFirst, reshaped, squeezed, transposed } from './axes.ts';
import type { ConvertedNetwork } from './converted-network.ts';
import { layerNoise } from './remade.ts';
import { TensorSource } from './tensor-source.ts';

/** Arguments that change the network, and the values that mean the one of the paper; left out, an argument has its first. */
const EXPECTED: Readonly<Record<string, readonly unknown[]>> = {
  nonlinearity: ['lrelu'],
  mapping_nonlinearity: ['lrelu'],
  normalize_latents: [true],
  use_wscale: [true],
  mapping_use_wscale: [true],
  use_pixel_norm: [false],
  use_instance_norm: [true],
  use_styles: [true],
  const_input_layer: [true],
  num_channels: [3],
};
/** `fused_scale` auto: blocks whose result has 128 px or more. */
const FUSED_FROM = 128;
const KEEP = { flip: false, factor: 1 };

/**
 * A StyleGAN1 of NVIDIA's TensorFlow code. Its weights are [k, k, in, out], none is turned round.
 * @throws DatasetGanError `checkpoint-unsupported`, `checkpoint-damaged`
 */
export function convertTfStylegan1(network: TfNetwork, budget: Budget): ConvertedNetwork {
  const argument = (name: string) =>
    network.argument(name) ?? network.component('synthesis')?.argument(name) ?? network.component('mapping')?.argument(name);
  for (const [name, allowed] of Object.entries(EXPECTED)) {
    const value = argument(name) ?? allowed[0];
    if (!allowed.includes(value)) throw refuse(`${name} is ${String(value).slice(0, 50)}`);
  }
  const blur = argument('blur_filter') ?? [1, 2, 1];
  if (!Array.isArray(blur) || blur.join() !== '1,2,1') throw refuse('it blurs with another filter');

  const from = new TensorSource(network.variables(budget));
  from.drop(/(?:^|\/)lod$/);
  from.drop(/^synthesis\/ToRGB_lod[1-9]\d*\//);
  const tensors = new Map<string, FloatTensor>();
  const wAvg = from.takeOptional('dlatent_avg', 1);
  if (wAvg !== undefined) tensors.set('mapping.w_avg', wAvg);
  for (let i = 0; from.has(`mapping/Dense${i}/weight`); i++) dense(`mapping/Dense${i}`, `mapping.fc${i}`);
  if (from.has('mapping/LabelConcat/weight'))
    tensors.set('mapping.label_concat.weight', transposed(from.take('mapping/LabelConcat/weight', 2)));
  tensors.set('synthesis.b4.const', squeezed(from.take('synthesis/4x4/Const/const', 4)));
  epilogue('synthesis/4x4/Const', 4, 0);
  convolution('synthesis/4x4/Conv', 4, 1);
  let resolution = 4;
  while (from.has(`synthesis/${2 * resolution}x${2 * resolution}/Conv1/weight`)) {
    resolution *= 2;
    convolution(`synthesis/${resolution}x${resolution}/Conv0_up`, resolution, 0);
    convolution(`synthesis/${resolution}x${resolution}/Conv1`, resolution, 1);
  }
  tensors.set('synthesis.torgb.weight', kernelFirst(from.take('synthesis/ToRGB_lod0/weight', 4), KEEP));
  tensors.set('synthesis.torgb.bias', from.take('synthesis/ToRGB_lod0/bias', 1));
  const { left } = from;
  if (left.length > 0) throw refuse(`${left.slice(0, 3).join(', ').slice(0, 200)} ${left.length === 1 ? 'is' : 'are'} unknown`);
  const lrMultiplier = argument('mapping_lrmul') ?? 0.01;
  if (typeof lrMultiplier !== 'number') throw refuse('mapping_lrmul is not a number');
  const fused = argument('fused_scale') ?? 'auto';
  const fusedFrom = fused === 'auto' ? FUSED_FROM : fused === true ? 8 : Number.POSITIVE_INFINITY;
  return {
    origin: 'StyleGAN1 of NVIDIA’s TensorFlow code',
    tensors,
    build: (given) => stylegan1Graphs(given, { lrMultiplier, epsilon: 1e-8, fusedFrom }),
    wDim: tensors.get('synthesis.b4.epilogue0.style.weight')!.dims[1]!,
    notes: from.notes,
    cutoff: Math.min(8, 2 * Math.log2(resolution) - 2),
    source: (network.component('synthesis') ?? network).source,
  };

  function dense(source: string, target: string): void {
    tensors.set(`${target}.weight`, transposed(from.take(`${source}/weight`, 2)));
    tensors.set(`${target}.bias`, from.take(`${source}/bias`, 1));
  }

  function convolution(source: string, r: number, index: 0 | 1): void {
    tensors.set(`synthesis.b${r}.conv${index}.weight`, kernelFirst(from.take(`${source}/weight`, 4), KEEP));
    epilogue(source, r, index);
  }

  function epilogue(source: string, r: number, index: 0 | 1): void {
    const target = `synthesis.b${r}.epilogue${index}`;
    tensors.set(`${target}.bias`, from.take(`${source}/bias`, 1));
    dense(`${source}/StyleMod`, `${target}.style`);
    const layer = 2 * Math.log2(r) - 4 + index;
    const stored = from.takeOptional(`synthesis/noise${layer}`, 4);
    if (stored === undefined && !from.has(`${source}/Noise/weight`)) return;
    const noise = stored === undefined ? undefined : reshaped(stored, stored.dims.slice(2));
    tensors.set(
      `${target}.noise_const`,
      from.orMade('noise', noise, () => layerNoise(layer, r)),
    );
    tensors.set(`${target}.noise_weight`, from.take(`${source}/Noise/weight`, 1));
  }
}

function refuse(problem: string) {
  return unsupported(`The network differs from StyleGAN1: ${problem}.`, 'Use an unmodified StyleGAN1 network.');
}
