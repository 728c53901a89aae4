import { unsupported } from '../checkpoint/refusal.ts';
import type { Budget } from '../checkpoint/strided.ts';
import type { TfNetwork } from '../checkpoint/tf-network.ts';
import type { ResampleFilter } from '../graph/resample-kernel.ts';
import { stylegan2Graphs } from '../graph/stylegan2.ts';
import type { Stylegan2Settings } from '../graph/stylegan2-network.ts';
import { type Activation, isActivation, USUAL_ACTIVATION } from '../graph/weights.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { kernelFirst, reshaped, squeezed, transposed } from './axes.ts';
import type { ConvertedNetwork } from './converted-network.ts';
import { layerNoise, STYLEGAN2_FILTER } from './remade.ts';
import { TensorSource } from './tensor-source.ts';

/**
 * A StyleGAN2 or StyleGAN2-ADA of NVIDIA's TensorFlow code. Its weights are [k, k, in, out] and are divided by √(in · k²) when used; enlarging
 * ones are turned round; the 1 that is added to a style is not in the stored bias.
 * @throws DatasetGanError `checkpoint-unsupported`, `checkpoint-damaged`
 */
export function convertTfStylegan2(network: TfNetwork, budget: Budget): ConvertedNetwork {
  const from = new TensorSource(network.variables(budget));
  from.drop(/(?:^|\/)lod$/);
  // Colours of the smaller resolutions, which progressive growing left behind.
  from.drop(/^synthesis\/ToRGB_lod[1-9]\d*\//);
  const settings = readSettings(network);
  const tensors = new Map<string, FloatTensor>();
  const wAvg = from.takeOptional('dlatent_avg', 1);
  if (wAvg !== undefined) tensors.set('mapping.w_avg', wAvg);
  for (let i = 0; from.has(`mapping/Dense${i}/weight`); i++) dense(`mapping/Dense${i}`, `mapping.fc${i}`);
  if (from.has('mapping/LabelEmbed/weight')) dense('mapping/LabelEmbed', 'mapping.embed');
  if (from.has('mapping/LabelConcat/weight'))
    tensors.set('mapping.label_concat.weight', transposed(from.take('mapping/LabelConcat/weight', 2)));
  tensors.set('synthesis.b4.const', squeezed(from.take('synthesis/4x4/Const/const', 4)));
  layer('4x4/Conv', 'b4.conv1', 4);
  let resolution = 4;
  for (; from.has(`synthesis/${2 * resolution}x${2 * resolution}/Conv1/weight`); ) {
    resolution *= 2;
    layer(`${resolution}x${resolution}/Conv0_up`, `b${resolution}.conv0`, resolution);
    layer(`${resolution}x${resolution}/Conv1`, `b${resolution}.conv1`, resolution);
    const skip = `synthesis/${resolution}x${resolution}/Skip/weight`;
    if (from.has(skip))
      tensors.set(`synthesis.b${resolution}.skip.weight`, kernelFirst(from.take(skip, 4), { flip: false, factor: 1 }));
  }
  for (let r = 4; r <= resolution; r *= 2)
    if (from.has(`synthesis/${r}x${r}/ToRGB/weight`)) colours(`${r}x${r}/ToRGB`, `b${r}.torgb`);
  if (from.has('synthesis/ToRGB_lod0/weight')) colours('ToRGB_lod0', `b${resolution}.torgb`);
  const { left } = from;
  if (left.length > 0)
    throw unsupported(
      `The network differs from StyleGAN2: ${left.slice(0, 3).join(', ').slice(0, 200)} ${left.length === 1 ? 'is' : 'are'} unknown.`,
      'Use an unmodified StyleGAN2. Forks with other layers are not supported.',
    );
  return {
    origin: network.version === 5 ? 'StyleGAN2-ADA of NVIDIA’s TensorFlow code' : 'StyleGAN2 of NVIDIA’s TensorFlow code',
    tensors,
    build: (given) => stylegan2Graphs(given, settings),
    wDim: tensors.get('synthesis.b4.conv1.affine.weight')!.dims[1]!,
    notes: from.notes,
    cutoff: null,
    source: (network.component('synthesis') ?? network).source,
  };

  function dense(source: string, target: string): void {
    tensors.set(`${target}.weight`, transposed(from.take(`${source}/weight`, 2)));
    tensors.set(`${target}.bias`, from.take(`${source}/bias`, 1));
  }

  function modulation(source: string, target: string): void {
    tensors.set(`synthesis.${target}.affine.weight`, transposed(from.take(`synthesis/${source}/mod_weight`, 2)));
    const bias = from.take(`synthesis/${source}/mod_bias`, 1);
    tensors.set(`synthesis.${target}.affine.bias`, { dims: bias.dims, data: bias.data.map((value) => value + 1) });
    tensors.set(`synthesis.${target}.bias`, from.take(`synthesis/${source}/bias`, 1));
  }

  function layer(source: string, target: string, resolution: number): void {
    const weight = from.take(`synthesis/${source}/weight`, 4);
    const [height, width, inputs] = weight.dims as [number, number, number];
    const up = target.endsWith('.conv0');
    const factor = 1 / Math.sqrt(height * width * inputs);
    tensors.set(`synthesis.${target}.weight`, kernelFirst(weight, { flip: up, factor }));
    modulation(source, target);
    const index = 2 * Math.log2(resolution) - (up ? 5 : 4);
    const stored = from.takeOptional(`synthesis/noise${index}`, 4);
    const strength = `synthesis/${source}/noise_strength`;
    if (stored === undefined && !from.has(strength)) return;
    const noise = stored === undefined ? undefined : reshaped(stored, stored.dims.slice(2));
    tensors.set(
      `synthesis.${target}.noise_const`,
      from.orMade('noise', noise, () => layerNoise(index, resolution)),
    );
    tensors.set(`synthesis.${target}.noise_strength`, from.take(strength, 0));
  }

  function colours(source: string, target: string): void {
    tensors.set(
      `synthesis.${target}.weight`,
      kernelFirst(from.take(`synthesis/${source}/weight`, 4), { flip: false, factor: 1 }),
    );
    modulation(source, target);
  }
}

function readSettings(network: TfNetwork): Stylegan2Settings {
  const argument = (name: string) =>
    network.argument(name) ?? network.component('synthesis')?.argument(name) ?? network.component('mapping')?.argument(name);
  const number = (name: string, fallback: number | null) => {
    const value = argument(name) ?? fallback;
    if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw refuse(`${name} is ${typeof value === 'string' ? value.slice(0, 50) : 'not a number'}`);
  };
  const activation = (...names: string[]): Activation => {
    const value = names.map(argument).find((given) => given !== undefined && given !== null) ?? USUAL_ACTIVATION;
    if (isActivation(value)) return value;
    throw refuse(`${names[0]} is ${String(value).slice(0, 50)}`);
  };
  const expect = (name: string, ...allowed: unknown[]) => {
    const value = argument(name) ?? undefined;
    if (value !== undefined && !allowed.includes(value)) throw refuse(`${name} is ${String(value).slice(0, 50)}`);
  };
  expect('normalize_latents', true);
  expect('normalize_z', true);
  expect('num_channels', 3);
  return {
    lrMultiplier: number('mapping_lrmul', null) ?? number('lrmul', 0.01) ?? 0.01,
    resampleFilter: readFilter(argument('resample_kernel') ?? argument('resample_filter') ?? STYLEGAN2_FILTER),
    convClamp: number('conv_clamp', null),
    epsilon: 1e-8,
    activation: activation('nonlinearity', 'act'),
    mappingActivation: activation('mapping_nonlinearity'),
  };
}

/** A list of numbers, or of lists of them. */
function readFilter(value: unknown): ResampleFilter {
  const numbers = (list: unknown): list is number[] => Array.isArray(list) && list.every((each) => typeof each === 'number');
  if (numbers(value)) return value;
  if (Array.isArray(value) && value.every(numbers)) return value;
  throw refuse('its resampling filter is not a list of numbers');
}

function refuse(problem: string) {
  return unsupported(`The network differs from StyleGAN2: ${problem}.`, 'Use an unmodified StyleGAN2 network.');
}
