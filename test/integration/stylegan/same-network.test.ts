import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { readCheckpoint } from '../../../src/stylegan/checkpoint/read-checkpoint.ts';
import { convertCheckpoint } from '../../../src/stylegan/convert/convert-checkpoint.ts';
import type { Stylegan2Settings } from '../../../src/stylegan/graph/stylegan2-network.ts';
import { latent } from '../../../src/stylegan/latent.ts';
import type { TensorMap } from '../../../src/stylegan/tensor-map.ts';
import { adaFile, rosinalityState, tfFile } from '../../support/checkpoint-writers/stylegan2-files.ts';
import { writeTorchStream, writeTorchZip } from '../../support/checkpoint-writers/torch-writer.ts';
import { greatestDifference } from '../../support/golden.ts';
import { ReferenceStylegan2 } from '../../support/reference-stylegan2.ts';
import { TINY_SETTINGS, type TinyOptions, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';
import { runModelTask } from './tasks.ts';

let engine: Engine;
beforeAll(() => {
  engine = new Engine({ threads: 1, memoryLimit: 1e9 });
});
afterAll(() => engine.close());

const PSI = [0.7, 0.7, 0.7, 1, 1, 1];

type Write = (tensors: TensorMap, settings: Stylegan2Settings) => Uint8Array;
const average = (tensors: TensorMap) => tensors.get('mapping.w_avg')!;

const FORMS: readonly [string, Write][] = [
  ['ADA, protocol 2', (tensors, settings) => adaFile(tensors, settings, 2)],
  ['ADA, protocol 3', (tensors, settings) => adaFile(tensors, settings, 3)],
  ['ADA, protocol 4', (tensors, settings) => adaFile(tensors, settings, 4)],
  ['ADA, protocol 5', (tensors, settings) => adaFile(tensors, settings, 5)],
  ['TensorFlow, protocol 2', (tensors, settings) => tfFile(tensors, settings, 2)],
  ['TensorFlow, protocol 3', (tensors, settings) => tfFile(tensors, settings, 3)],
  [
    'rosinality zip',
    (tensors, settings) =>
      writeTorchZip(
        new Map<string, unknown>([
          ['g_ema', rosinalityState(tensors, settings)],
          ['latent_avg', average(tensors)],
        ]),
      ),
  ],
  [
    'rosinality stream',
    (tensors, settings) =>
      writeTorchStream(
        new Map<string, unknown>([
          ['g_ema', rosinalityState(tensors, settings)],
          ['latent_avg', average(tensors)],
        ]),
      ),
  ],
  [
    'decoder.',
    (tensors, settings) => {
      const encoder = { dims: [2], data: Float32Array.of(1, 2) };
      const state = new Map([['encoder.body.weight', encoder], ...rosinalityState(tensors, settings, 'decoder.')]);
      const { data } = average(tensors);
      const rows = { dims: [6, 6], data: Float32Array.from({ length: 36 }, (_, i) => data[i % 6]!) };
      return writeTorchZip(
        new Map<string, unknown>([
          ['state_dict', state],
          ['latent_avg', rows],
        ]),
      );
    },
  ],
];

const NOT_SEPARABLE = [
  [1, 2],
  [0.5, 4],
];

/** All outputs of the file's network for one latent, against the paper's formulas in float64. */
async function compare(file: Uint8Array, tensors: TensorMap, settings: Stylegan2Settings, classes = 0): Promise<void> {
  const network = convertCheckpoint(readCheckpoint(file), file.length);
  const graphs = network.build(network.tensors);
  const reference = new ReferenceStylegan2(tensors, settings);
  const z = Array.from(latent(7, 5), Math.fround);
  const c = Array.from({ length: classes }, (_, i) => Number(i === 1));
  const feeds = {
    z: { data: Float32Array.from(z), dims: [1, 5] },
    psi: { data: Float32Array.from(PSI), dims: [6] },
    ...(classes > 0 ? { c: { data: Float32Array.from(c), dims: [1, classes] } } : {}),
  };
  const { ws } = await engine.run(runModelTask, { model: graphs.mapping, feeds }, { lane: 'batch' });
  const styles = reference.styles(z, c, PSI);
  expect(greatestDifference(ws!, styles.flat())).toBeLessThan(1e-5);
  const model = { model: graphs.synthesis, feeds: { ws: { data: ws!, dims: [1, 6, 6] } } };
  const outputs = await engine.run(runModelTask, model, { lane: 'batch' });
  const expected = reference.synthesize(styles);
  expect(Object.keys(outputs).sort()).toEqual([...expected.keys()].sort());
  for (const [name, { data }] of expected) {
    const greatest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(greatestDifference(outputs[name]!, data), name).toBeLessThan(1e-5 * Math.max(1, greatest));
  }
}

test.each(FORMS)('one network, as every program writes it: %s', async (_, write) => {
  const tensors = tinyStylegan2({ noise: true });
  for (const resampleFilter of [TINY_SETTINGS.resampleFilter, [1], NOT_SEPARABLE]) {
    const settings = { ...TINY_SETTINGS, resampleFilter };
    await compare(write(tensors, settings), tensors, settings);
  }
});

test.each<[string, TinyOptions, Partial<Stylegan2Settings>]>([
  ['residual', { noise: true, architecture: 'resnet' }, { convClamp: 0.8 }],
  ['plain blocks', { noise: true, architecture: 'orig' }, {}],
  ['classes', { noise: true, classes: 3 }, { resampleFilter: [1, 3], lrMultiplier: 0.02 }],
  ['another activation', { noise: true }, { activation: 'relu' }],
  ['other activations', { architecture: 'resnet' }, { activation: 'softplus', mappingActivation: 'swish', convClamp: 0.8 }],
  ['without noise', {}, { resampleFilter: [1, 4, 2, 0.5] }],
])('ADA and TensorFlow, other kinds of network: %s', async (_, options, changed) => {
  const tensors = tinyStylegan2(options);
  const settings = { ...TINY_SETTINGS, ...changed };
  await compare(adaFile(tensors, settings), tensors, settings, options.classes);
  await compare(tfFile(tensors, settings), tensors, settings, options.classes);
});

test('TensorFlow, classes joined with z', async () => {
  const tensors = tinyStylegan2({ noise: true, classes: 3, labelConcat: true });
  await compare(tfFile(tensors, TINY_SETTINGS), tensors, TINY_SETTINGS, 3);
});
