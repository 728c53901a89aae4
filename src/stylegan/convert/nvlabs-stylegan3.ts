import { NumpyArray } from '../checkpoint/numpy.ts';
import type { PersistentObject } from '../checkpoint/persistent-object.ts';
import { damaged, unsupported } from '../checkpoint/refusal.ts';
import { type Budget, gather } from '../checkpoint/strided.ts';
import { stylegan3Graphs } from '../graph/stylegan3.ts';
import type { Stylegan3LayerSettings, Stylegan3Settings } from '../graph/stylegan3-network.ts';
import type { ConvertedNetwork } from './converted-network.ts';
import { modulesOf, tensorsOf } from './persistent-tensors.ts';
import { notesOf, type Remade } from './remade.ts';

const CLASSES = new Set([
  'Generator',
  'MappingNetwork',
  'SynthesisNetwork',
  'SynthesisInput',
  'SynthesisLayer',
  'FullyConnectedLayer',
]);

/** A turn and shift of the whole picture that a user may set: the identity in every trained network. */
const TRANSFORM = 'synthesis.input.transform';

/**
 * A StyleGAN3-T or -R of NVIDIA's code. How each layer resamples stands in its attributes.
 * @throws DatasetGanError `checkpoint-unsupported` for forks, `checkpoint-damaged`
 */
export function convertNvlabsStylegan3(network: PersistentObject, budget: Budget): ConvertedNetwork {
  const modules = modulesOf(network);
  for (const { path, module } of modules) {
    if (!CLASSES.has(module.className)) throw refuse(`'${path}' is a ${module.className.slice(0, 60)}`);
    const activation = module.attribute('activation');
    const expected = /mapping\.fc\d+$/.test(path) ? 'lrelu' : 'linear';
    if (activation !== undefined && activation !== expected)
      throw refuse(`'${path}' has the activation ${String(activation).slice(0, 50)}`);
  }
  const named = new Map(modules.map(({ path, module }) => [path, module]));
  const module = (path: string) => {
    const found = named.get(path);
    if (found === undefined) throw damaged(`the network has no '${path}'`);
    return found;
  };
  const numbers = (path: string, name: string, count: number): number[] => {
    const value = module(path).attribute(name);
    const list =
      value instanceof NumpyArray ? [...gather(value.array, budget).data] : Array.isArray(value) ? (value as unknown[]) : [value];
    if (list.length !== count || !list.every((item): item is number => typeof item === 'number' && Number.isFinite(item)))
      throw damaged(`'${path}' has no ${name}`);
    return list;
  };
  const one = (path: string, name: string) => numbers(path, name, 1)[0]!;
  const square = (path: string, name: string) => {
    const [width, height] = numbers(path, name, 2);
    if (width !== height) throw refuse(`'${path}' is not square`);
    return width!;
  };
  const names = module('synthesis').attribute('layer_names');
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw damaged('the network has no list of layers');
  const settings: Stylegan3Settings = {
    lrMultiplier: one('mapping.fc0', 'bias_gain'),
    input: {
      size: square('synthesis.input', 'size'),
      samplingRate: one('synthesis.input', 'sampling_rate'),
      bandwidth: one('synthesis.input', 'bandwidth'),
    },
    layers: names.map((name): Stylegan3LayerSettings => {
      const path = `synthesis.${name}`;
      const isLast = name === names.at(-1);
      if (module(path).attribute('is_torgb') !== isLast)
        throw refuse(`'${name.slice(0, 60)}' is at an unexpected position for its kind`);
      const clamp = module(path).attribute('conv_clamp') ?? null;
      return {
        name,
        up: one(path, 'up_factor'),
        down: one(path, 'down_factor'),
        padding: numbers(path, 'padding', 4) as [number, number, number, number],
        inSize: square(path, 'in_size'),
        outSize: square(path, 'out_size'),
        samplingRate: one(path, 'out_sampling_rate'),
        clamp: clamp === null ? null : one(path, 'conv_clamp'),
      };
    }),
    outputScale: one('synthesis', 'output_scale'),
  };
  const wDim = one('', 'w_dim');
  const tensors = tensorsOf(modules, budget);
  const remade = new Set<Remade>();
  if (!tensors.has(TRANSFORM)) {
    remade.add('transform');
    tensors.set(TRANSFORM, { dims: [3, 3], data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) });
  }
  return {
    origin: 'StyleGAN3 of NVIDIA’s PyTorch code',
    tensors,
    build: (given) => stylegan3Graphs(given, settings),
    wDim,
    cutoff: null,
    notes: notesOf(remade),
    source: network.source,
  };
}

function refuse(problem: string) {
  return unsupported(
    `The network differs from StyleGAN3: ${problem}.`,
    'Use an unmodified StyleGAN3. Forks such as StyleGAN-XL are not supported.',
  );
}
