import type { Stylegan2Settings } from '../../../src/stylegan/graph/stylegan2-network.ts';
import type { FloatTensor, TensorMap } from '../../../src/stylegan/tensor-map.ts';
import { rowsOf } from '../reference-stylegan2.ts';
import { PyFloat, PyGlobal, PyObject, Tuple, writePickle } from './pickle-writer.ts';
import { kernelLast, SOURCE, tfNetworks, transposed } from './tf-writer.ts';
import { nestedTensor, ORDERED_DICT } from './torch-writer.ts';

/** One network (tests' tinyStylegan2) in the forms in which programs write it. */

const persistent = (className: string, state: Map<string, unknown>) =>
  new PyObject(
    new PyGlobal('torch_utils.persistence', '_reconstruct_persistent_obj'),
    new Tuple(
      new Map<string, unknown>([
        ['type', 'class'],
        ['version', 6],
        ['module_src', SOURCE],
        ['class_name', className],
        ['state', state],
      ]),
    ),
  );

/** A .pkl of stylegan2-ada-pytorch: G_ema among other things; `whole`: with G and D too, as training writes it (D is a second G here). */
export function adaFile(
  tensors: TensorMap,
  settings: Stylegan2Settings,
  protocol: 2 | 3 | 4 | 5 = 4,
  { whole = false } = {},
): Uint8Array {
  const network = adaModule('', tensors, settings);
  const other = () => (whole ? adaModule('', tensors, settings) : null);
  const content = new Map<string, unknown>([
    [
      'training_set_kwargs',
      new PyObject(new PyGlobal('dnnlib.util', 'EasyDict'), new Tuple(), { newobj: true, items: new Map([['path', 'x']]) }),
    ],
    ['G', other()],
    ['D', other()],
    ['G_ema', network],
    ['augment_pipe', null],
  ]);
  return writePickle(content, protocol);
}

function adaModule(path: string, tensors: TensorMap, settings: Stylegan2Settings): PyObject {
  const prefix = path === '' ? '' : `${path}.`;
  const own = [...tensors.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const children = [...new Set(own.filter((name) => name.includes('.')).map((name) => name.split('.')[0]!))];
  const values = own.filter((name) => !name.includes('.'));
  const buffer = (name: string) => ['noise_const', 'w_avg'].includes(name);
  const held = (names: string[]) => new Map(names.map((name) => [name, nestedTensor(tensors.get(prefix + name)!)]));
  const buffers = held(values.filter(buffer));
  const last = path.split('.').at(-1)!;
  if (/^b\d+$|conv0$|skip$/.test(last)) buffers.set('resample_filter', nestedTensor(filterOf(settings)));
  const className = classOf(path);
  const state = new Map<string, unknown>([
    ['training', false],
    ['_parameters', new PyObject(ORDERED_DICT, new Tuple(), { items: held(values.filter((name) => !buffer(name))) })],
    ['_buffers', buffers],
    ['_modules', new Map(children.map((child) => [child, adaModule(prefix + child, tensors, settings)]))],
    ['_forward_hooks', new PyObject(ORDERED_DICT, new Tuple())],
  ]);
  if (className === 'FullyConnectedLayer') {
    const mapping = /fc\d+$/.test(path);
    state.set('activation', mapping ? (settings.mappingActivation ?? 'lrelu') : 'linear');
    state.set('bias_gain', new PyFloat(mapping ? settings.lrMultiplier : 1));
  }
  if (className === 'SynthesisLayer')
    state
      .set('activation', settings.activation ?? 'lrelu')
      .set('up', last === 'conv0' ? 2 : 1)
      .set('use_noise', true);
  if (className === 'SynthesisLayer' || className === 'ToRGBLayer')
    state.set('conv_clamp', settings.convClamp === null ? null : new PyFloat(settings.convClamp));
  if (className === 'Conv2dLayer') state.set('activation', 'linear').set('up', 2).set('conv_clamp', null);
  if (className === 'Generator') state.set('w_dim', tensors.get('mapping.w_avg')!.dims[0]);
  return persistent(className, state);
}

function classOf(path: string): string {
  if (path === '') return 'Generator';
  if (path === 'mapping') return 'MappingNetwork';
  if (path === 'synthesis') return 'SynthesisNetwork';
  if (/b\d+$/.test(path)) return 'SynthesisBlock';
  if (/conv[01]$/.test(path)) return 'SynthesisLayer';
  if (path.endsWith('torgb')) return 'ToRGBLayer';
  return path.endsWith('skip') ? 'Conv2dLayer' : 'FullyConnectedLayer';
}

function filterOf({ resampleFilter: f }: Stylegan2Settings): FloatTensor {
  const rows = rowsOf(f);
  const sum = rows.flat().reduce((total, value) => total + value, 0);
  return { dims: [rows.length, rows[0]!.length], data: Float32Array.from(rows.flat(), (value) => value / sum) };
}

/** Convolutions without their 1/√(in · k²), as rosinality and TensorFlow store them. */
function unscaled({ dims, data }: FloatTensor): FloatTensor {
  const gain = Math.sqrt(dims.slice(1).reduce((product, size) => product * size, 1));
  return { dims, data: data.map((value) => value * gain) };
}

/** State dict of rosinality's generator. */
export function rosinalityState(tensors: TensorMap, settings: Stylegan2Settings, prefix = ''): Map<string, FloatTensor> {
  const state = new Map<string, FloatTensor>();
  const set = (name: string, tensor: FloatTensor) => state.set(prefix + name, tensor);
  const get = (name: string) => tensors.get(name)!;
  const reshaped = ({ data }: FloatTensor, dims: readonly number[]) => ({ dims, data });
  const dense = (name: string, from: string) => {
    set(`${name}.weight`, get(`${from}.weight`));
    set(`${name}.bias`, get(`${from}.bias`));
  };
  const { dims, data } = filterOf(settings);
  const kernel = { dims, data: data.map((value) => 4 * value) };
  for (let i = 0; tensors.has(`mapping.fc${i}.weight`); i++) dense(`style.${i + 1}`, `mapping.fc${i}`);
  set('input.input', reshaped(get('synthesis.b4.const'), [1, ...get('synthesis.b4.const').dims]));
  const layer = (name: string, from: string, noise: number) => {
    const weight = unscaled(get(`${from}.weight`));
    set(`${name}.conv.weight`, reshaped(weight, [1, ...weight.dims]));
    dense(`${name}.conv.modulation`, `${from}.affine`);
    set(`${name}.noise.weight`, reshaped(get(`${from}.noise_strength`), [1]));
    set(`${name}.activate.bias`, get(`${from}.bias`));
    set(`noises.noise_${noise}`, reshaped(get(`${from}.noise_const`), [1, 1, ...get(`${from}.noise_const`).dims]));
  };
  const colours = (name: string, from: string) => {
    const weight = get(`${from}.weight`);
    set(`${name}.conv.weight`, reshaped(weight, [1, ...weight.dims]));
    dense(`${name}.conv.modulation`, `${from}.affine`);
    set(`${name}.bias`, reshaped(get(`${from}.bias`), [1, 3, 1, 1]));
  };
  layer('conv1', 'synthesis.b4.conv1', 0);
  colours('to_rgb1', 'synthesis.b4.torgb');
  for (let j = 0; tensors.has(`synthesis.b${8 * 2 ** j}.conv0.weight`); j++) {
    const block = `synthesis.b${8 * 2 ** j}`;
    layer(`convs.${2 * j}`, `${block}.conv0`, 2 * j + 1);
    set(`convs.${2 * j}.conv.blur.kernel`, kernel);
    layer(`convs.${2 * j + 1}`, `${block}.conv1`, 2 * j + 2);
    colours(`to_rgbs.${j}`, `${block}.torgb`);
    set(`to_rgbs.${j}.upsample.kernel`, kernel);
  }
  return state;
}

/** A .pkl of StyleGAN2 for TensorFlow: the tuple (G, D, Gs). */
export function tfFile(
  tensors: TensorMap,
  settings: Stylegan2Settings,
  protocol: 2 | 3 | 4 = 3,
  more: { readonly without?: RegExp } = {},
): Uint8Array {
  const mapping: [string, FloatTensor][] = [];
  const synthesis: [string, FloatTensor][] = [];
  const get = (name: string) => tensors.get(name)!;
  for (let i = 0; tensors.has(`mapping.fc${i}.weight`); i++)
    mapping.push([`Dense${i}/weight`, transposed(get(`mapping.fc${i}.weight`))], [`Dense${i}/bias`, get(`mapping.fc${i}.bias`)]);
  if (tensors.has('mapping.label_concat.weight'))
    mapping.push(['LabelConcat/weight', transposed(get('mapping.label_concat.weight'))]);
  if (tensors.has('mapping.embed.weight'))
    mapping.push(['LabelEmbed/weight', transposed(get('mapping.embed.weight'))], ['LabelEmbed/bias', get('mapping.embed.bias')]);
  const constant = get('synthesis.b4.const');
  synthesis.push(['4x4/Const/const', { dims: [1, ...constant.dims], data: constant.data }]);
  const modulated = (scope: string, from: string) => {
    synthesis.push([`${scope}/mod_weight`, transposed(get(`${from}.affine.weight`))]);
    const bias = get(`${from}.affine.bias`);
    synthesis.push([`${scope}/mod_bias`, { dims: bias.dims, data: bias.data.map((value) => value - 1) }]);
    synthesis.push([`${scope}/bias`, get(`${from}.bias`)]);
  };
  for (const name of tensors.keys()) {
    const [, side, layer] = /^synthesis\.b(\d+)\.(conv0|conv1|torgb|skip)\.weight$/.exec(name) ?? [];
    if (side === undefined || layer === undefined) continue;
    const scope = `${side}x${side}/${layer === 'conv1' && side === '4' ? 'Conv' : { conv0: 'Conv0_up', conv1: 'Conv1', torgb: 'ToRGB', skip: 'Skip' }[layer]}`;
    const from = name.replace(/\.weight$/, '');
    const convolution = layer === 'conv0' || layer === 'conv1';
    const weight = convolution ? unscaled(get(name)) : get(name);
    synthesis.push([`${scope}/weight`, kernelLast(weight, layer === 'conv0')]);
    if (layer !== 'skip') modulated(scope, from);
    if (!convolution || !tensors.has(`${from}.noise_const`)) continue;
    const noise = get(`${from}.noise_const`);
    const index = 2 * Math.log2(Number(side)) - (layer === 'conv0' ? 5 : 4);
    synthesis.push(
      [`noise${index}`, { dims: [1, 1, ...noise.dims], data: noise.data }],
      [`${scope}/noise_strength`, get(`${from}.noise_strength`)],
    );
  }
  const kwargs = new Map<string, unknown>([
    ['num_channels', 3],
    ['mapping_lrmul', new PyFloat(settings.lrMultiplier)],
    ['resample_kernel', pythonList(settings.resampleFilter)],
  ]);
  if (settings.convClamp !== null) kwargs.set('conv_clamp', new PyFloat(settings.convClamp));
  if (settings.activation !== undefined) kwargs.set('nonlinearity', settings.activation);
  if (settings.mappingActivation !== undefined) kwargs.set('mapping_nonlinearity', settings.mappingActivation);
  return tfNetworks({ version: 4, kwargs, mapping, synthesis, average: get('mapping.w_avg'), protocol, ...more });
}

type NestedNumbers = readonly (number | NestedNumbers)[];

function pythonList(list: NestedNumbers): unknown[] {
  return list.map((value) =>
    typeof value !== 'number' ? pythonList(value) : Number.isInteger(value) ? value : new PyFloat(value),
  );
}
