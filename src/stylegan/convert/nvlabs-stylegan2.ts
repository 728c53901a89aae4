import type { PersistentObject } from '../checkpoint/persistent-object.ts';
import { damaged, unsupported } from '../checkpoint/refusal.ts';
import type { Budget } from '../checkpoint/strided.ts';
import { stylegan2Graphs } from '../graph/stylegan2.ts';
import type { Stylegan2Settings } from '../graph/stylegan2-network.ts';
import { type Activation, gainOf, isActivation, USUAL_ACTIVATION } from '../graph/weights.ts';
import type { FloatTensor, TensorMap } from '../tensor-map.ts';
import type { ConvertedNetwork } from './converted-network.ts';
import { modulesOf, type NamedModule, tensorsOf } from './persistent-tensors.ts';
import { layerNoise, notesOf, type Remade, STYLEGAN2_FILTER } from './remade.ts';
import { storedFilter } from './resample-filter.ts';

/** The classes that a StyleGAN2 is made of; others mean other arithmetic. */
const CLASSES = new Set([
  'Generator',
  'MappingNetwork',
  'SynthesisNetwork',
  'SynthesisBlock',
  'SynthesisLayer',
  'ToRGBLayer',
  'FullyConnectedLayer',
  'Conv2dLayer',
]);

/**
 * A StyleGAN2 of stylegan2-ada-pytorch or of the stylegan3 repository, whose names are ours already.
 * @throws DatasetGanError `checkpoint-unsupported` for forks, `checkpoint-damaged`
 */
export function convertNvlabsStylegan2(network: PersistentObject, budget: Budget): ConvertedNetwork {
  const modules = modulesOf(network);
  for (const { path, module } of modules) checkModule(path, module);
  const tensors = tensorsOf(modules, budget);
  const remade = new Set<Remade>();
  completeNoise(tensors, remade);
  const settings = readSettings(modules, tensors, remade);
  for (const name of tensors.keys()) if (name.endsWith('.resample_filter')) tensors.delete(name);
  const wDim = network.attribute('w_dim');
  if (typeof wDim !== 'number') throw damaged('the network does not have the length of w');
  return {
    origin: 'StyleGAN2 of NVIDIA’s PyTorch code',
    tensors,
    build: (given) => stylegan2Graphs(given, settings),
    wDim,
    cutoff: null,
    notes: notesOf(remade),
    source: network.source,
  };
}

/** Whether it is a layer whose activation may be chosen: the others are linear. */
const hasActivation = (path: string, { className }: PersistentObject): boolean =>
  className === 'SynthesisLayer' || /(?:^|\.)fc\d+$/.test(path);

/** Refuses what the tensors do not show but changes the result. */
function checkModule(path: string, module: PersistentObject): void {
  const refuse = (what: string) =>
    unsupported(
      `The network differs from StyleGAN2: ${what}.`,
      'Use an unmodified StyleGAN2. Forks with other layers are not supported.',
    );
  if (!CLASSES.has(module.className)) throw refuse(`'${path}' is a ${module.className.slice(0, 60)}`);
  const activation = module.attribute('activation');
  const isKnown = hasActivation(path, module) ? isActivation(activation) : activation === 'linear';
  if (activation !== undefined && !isKnown) throw refuse(`'${path}' has the activation ${String(activation).slice(0, 50)}`);
  const gain = module.attribute('act_gain');
  if (typeof gain === 'number' && isActivation(activation) && Math.abs(gain - gainOf(activation)) > 1e-6)
    throw refuse(`'${path}' has a gain of ${gain}`);
  if (module.attribute('use_noise') === false && [...module.held('_parameters')].some(([name]) => name === 'noise_strength'))
    throw refuse(`'${path}' has noise that it does not use`);
  if (module.className === 'Conv2dLayer' && module.attribute('conv_clamp') != null) throw refuse(`'${path}' is clipped`);
  const up = /conv0$|skip$/.test(path) ? 2 : 1;
  if (module.attribute('up') !== undefined && module.attribute('up') !== up)
    throw refuse(`'${path}' upsamples by ${String(module.attribute('up'))}`);
}

/** Gives every layer that adds noise its noise. */
function completeNoise(tensors: Map<string, FloatTensor>, remade: Set<Remade>): void {
  for (const name of [...tensors.keys()]) {
    const [, layer, side, which] = /^(synthesis\.b(\d+)\.conv([01]))\.noise_strength$/.exec(name) ?? [];
    if (layer === undefined || tensors.has(`${layer}.noise_const`)) continue;
    remade.add('noise');
    tensors.set(`${layer}.noise_const`, layerNoise(2 * Math.log2(Number(side)) - 5 + Number(which), Number(side)));
  }
}

function readSettings(modules: readonly NamedModule[], tensors: TensorMap, remade: Set<Remade>): Stylegan2Settings {
  const one = <T>(what: string, values: readonly T[]): T => {
    const [first, ...others] = values;
    if (first === undefined) throw damaged(`the network has no ${what}`);
    if (others.some((value) => JSON.stringify(value) !== JSON.stringify(first)))
      throw damaged(`the layers of the network differ in their ${what}`);
    return first;
  };
  const mapping = modules.filter(({ path }) => /mapping\.fc\d+$/.test(path));
  const dense = mapping.map(({ module }) => Number(module.attribute('bias_gain')));
  const activation = (of: readonly NamedModule[]) =>
    one(
      'activation',
      of.map(({ module }) => module.attribute('activation') ?? USUAL_ACTIVATION),
    ) as Activation;
  const layers = modules.filter(({ module }) => ['SynthesisLayer', 'ToRGBLayer'].includes(module.className));
  const clamps = layers.map(({ module }) => module.attribute('conv_clamp') ?? null);
  // conv1 has a filter too, which it never uses.
  const filters = [...tensors]
    .filter(([name]) => /b\d+(?:\.conv0|\.skip)?\.resample_filter$/.test(name))
    .map(([, tensor]) => storedFilter(tensor));
  if (filters.length === 0) {
    remade.add('filter');
    filters.push(STYLEGAN2_FILTER);
  }
  const convClamp = one('clip', clamps);
  if (convClamp !== null && typeof convClamp !== 'number') throw damaged('the clip of the layers is not a number');
  return {
    lrMultiplier: one('learning-rate multiplier', dense),
    resampleFilter: one('resampling filter', filters),
    convClamp,
    epsilon: 1e-8,
    activation: activation(modules.filter(({ module }) => module.className === 'SynthesisLayer')),
    mappingActivation: activation(mapping),
  };
}
