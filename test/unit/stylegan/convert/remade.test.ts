import { expect, test } from 'vitest';
import { PersistentObject } from '../../../../src/stylegan/checkpoint/persistent-object.ts';
import { readCheckpoint } from '../../../../src/stylegan/checkpoint/read-checkpoint.ts';
import { convertCheckpoint } from '../../../../src/stylegan/convert/convert-checkpoint.ts';
import type { ConvertedNetwork } from '../../../../src/stylegan/convert/converted-network.ts';
import { modulesOf } from '../../../../src/stylegan/convert/persistent-tensors.ts';
import { latent } from '../../../../src/stylegan/latent.ts';
import type { FloatTensor } from '../../../../src/stylegan/tensor-map.ts';
import { datasetganState, tfStylegan1 } from '../../../support/checkpoint-writers/stylegan1-files.ts';
import { adaFile, rosinalityState, tfFile } from '../../../support/checkpoint-writers/stylegan2-files.ts';
import { writeTorchZip } from '../../../support/checkpoint-writers/torch-writer.ts';
import { tinyStylegan1 } from '../../../support/reference-stylegan1.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../../support/tiny-stylegan2.ts';

const tiny = tinyStylegan2({ noise: true });
const load = (file: Uint8Array) => convertCheckpoint(readCheckpoint(file), file.length);
const randn = (layer: number, resolution: number) => Float32Array.from(latent(layer, resolution ** 2));
const NOISE = expect.stringMatching(/has no noise\. .*RandomState\(k\)/);
const FILTER = expect.stringMatching(/has no resampling filter/);

/** Both graphs can be built: nothing else is missing. */
function resampleFilterOf(network: ConvertedNetwork): unknown {
  const { tensors, build, wDim } = network;
  if (!tensors.has('mapping.w_avg')) tensors.set('mapping.w_avg', { dims: [wDim], data: new Float32Array(wDim) });
  return build(tensors).settings.resampleFilter;
}

function rosinality(without: RegExp): ConvertedNetwork {
  const state = rosinalityState(tiny, TINY_SETTINGS);
  for (const name of state.keys()) if (without.test(name)) state.delete(name);
  return load(writeTorchZip(new Map([['g_ema', state]])));
}

test('nothing is made, and nothing said, where the file holds all', () => {
  for (const network of [
    rosinality(/^never$/),
    load(tfFile(tiny, TINY_SETTINGS)),
    load(tfStylegan1(tinyStylegan1(), 'auto')),
    load(adaFile(tiny, TINY_SETTINGS)),
  ])
    expect(network.notes).toEqual([]);
});

test('rosinality’s files from before noises were saved', () => {
  const network = rosinality(/^noises\./);
  expect(network.notes).toEqual([NOISE]);
  expect(network.tensors.get('synthesis.b4.conv1.noise_const')).toEqual({ dims: [4, 4], data: randn(0, 4) });
  expect(network.tensors.get('synthesis.b8.conv0.noise_const')!.data).toEqual(randn(1, 8));
  expect(network.tensors.get('synthesis.b16.conv1.noise_const')!.data).toEqual(randn(4, 16));
  expect(network.tensors.get('synthesis.b16.conv1.noise_strength')).toEqual(tiny.get('synthesis.b16.conv1.noise_strength'));
  resampleFilterOf(network);
});

test('rosinality’s files without kernels: those of other layers, else the published one', () => {
  const some = rosinality(/^(?:convs\.0\.conv\.blur|to_rgbs\.1\.upsample)\.kernel$/);
  expect(some.notes).toEqual([]);
  expect(resampleFilterOf(some)).toHaveLength(4);
  const none = rosinality(/\.kernel$/);
  expect(none.notes).toEqual([FILTER]);
  expect(resampleFilterOf(none)).toEqual([1, 3, 3, 1]);
});

test('a weight is no buffer: without it the file is damaged', () => {
  expect(() => rosinality(/^convs\.0\.noise\.weight$/)).toThrow(/'convs\.0\.noise\.weight' is missing/);
});

test('DatasetGAN’s files: noise, and kernels where they are missing', () => {
  const state = datasetganState(tinyStylegan1());
  expect(load(writeTorchZip(state)).notes).toEqual([NOISE]);
  for (const name of state.keys()) if (name.endsWith('.kernel')) state.delete(name);
  const network = load(writeTorchZip(state));
  expect(network.notes).toHaveLength(2);
  expect(network.notes).toEqual(expect.arrayContaining([NOISE, FILTER]));
  expect(network.tensors.get('synthesis.b8.epilogue1.noise_const')!.data).toEqual(randn(3, 8));
  resampleFilterOf(network);
});

test('TensorFlow’s files without noise or mean of w', () => {
  const without = /^noise\d+$|dlatent_avg/;
  const second = load(tfFile(tiny, TINY_SETTINGS, 3, { without }));
  expect(second).toMatchObject({ notes: [NOISE], wDim: 6 });
  expect(second.tensors.get('synthesis.b8.conv1.noise_const')!.data).toEqual(randn(2, 8));
  expect(second.tensors.has('mapping.w_avg')).toBe(false);
  resampleFilterOf(second);
  const first = load(tfStylegan1(tinyStylegan1(), 'auto', { without }));
  expect(first).toMatchObject({ notes: [NOISE], wDim: 6 });
  expect(first.tensors.get('synthesis.b4.epilogue1.noise_const')!.data).toEqual(randn(1, 4));
  resampleFilterOf(first);
});

test('NVIDIA’s PyTorch files without noise or filter', () => {
  const lacking = new Map<string, FloatTensor>([...tiny].filter(([name]) => !name.endsWith('.noise_const')));
  const network = load(adaFile(lacking, TINY_SETTINGS));
  expect(network.notes).toEqual([NOISE]);
  expect(network.tensors.get('synthesis.b8.conv0.noise_const')!.data).toEqual(randn(1, 8));
  resampleFilterOf(network);

  const file = adaFile(tiny, TINY_SETTINGS);
  const content = readCheckpoint(file) as Map<string, unknown>;
  const generator = content.get('G_ema');
  if (!(generator instanceof PersistentObject)) throw new Error('no generator');
  for (const { module } of modulesOf(generator)) (module.attribute('_buffers') as Map<string, unknown>).delete('resample_filter');
  const bare = convertCheckpoint(content, file.length);
  expect(bare.notes).toEqual([FILTER]);
  expect(resampleFilterOf(bare)).toEqual([1, 3, 3, 1]);
});
