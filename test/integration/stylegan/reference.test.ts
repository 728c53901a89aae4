import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { stylegan2Graphs } from '../../../src/stylegan/graph/stylegan2.ts';
import type { Stylegan2Settings } from '../../../src/stylegan/graph/stylegan2-network.ts';
import { latent } from '../../../src/stylegan/latent.ts';
import { greatestDifference } from '../../support/golden.ts';
import { ReferenceStylegan2 } from '../../support/reference-stylegan2.ts';
import { TINY_SETTINGS, type TinyOptions, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';
import { runModelTask } from './tasks.ts';

let engine: Engine;
beforeAll(() => {
  engine = new Engine({ threads: 1, memoryLimit: 1e9 });
});
afterAll(() => engine.close());

const PSI = [0.5, 0.5, 0, 1, 1, -0.7];

const ROUND = [
  [0, 1, 2],
  [1, 5, 1],
  [3, 1, 0],
];

const ACTIVATIONS = ['linear', 'relu', 'lrelu', 'tanh', 'sigmoid', 'elu', 'selu', 'softplus', 'swish'] as const;

test.each<[string, TinyOptions, Partial<Stylegan2Settings>]>([
  ['plain', {}, {}],
  ['noise', { noise: true }, {}],
  ['classes', { classes: 3 }, { lrMultiplier: 0.02 }],
  ['classes joined with z', { classes: 3, labelConcat: true }, {}],
  ['residual blocks', { noise: true, architecture: 'resnet' }, {}],
  ['residual blocks, clipped', { noise: true, architecture: 'resnet' }, { convClamp: 0.8 }],
  ['plain blocks', { noise: true, architecture: 'orig' }, {}],
  ['clipped', { noise: true }, { convClamp: 0.8 }],
  ['a great epsilon', {}, { epsilon: 0.5 }],
  ...ACTIVATIONS.map((activation): [string, TinyOptions, Partial<Stylegan2Settings>] => [
    `activation ${activation}`,
    { noise: true, architecture: activation === 'tanh' ? 'resnet' : 'skip' },
    { activation, mappingActivation: activation, convClamp: 0.8 },
  ]),
  ['activations that differ', { noise: true }, { activation: 'swish', mappingActivation: 'relu' }],
  ['an asymmetric filter', {}, { resampleFilter: [1, 4, 2, 0.5] }],
  ['a filter of 2', {}, { resampleFilter: [1, 3] }],
  ['a filter of 3', {}, { resampleFilter: [1, 2, 4] }],
  ['a filter of 5', { noise: true }, { resampleFilter: [1, 2, 4, 3, 1] }],
  ['a filter of one tap', { noise: true }, { resampleFilter: [2] }],
  ['a filter of one tap, residual blocks', { noise: true, architecture: 'resnet' }, { resampleFilter: [1] }],
  ['a filter of many taps', {}, { resampleFilter: [1, -2, 3, 8, 9, 9, 7, 3, 2, -1] }],
  ['a filter that is not separable', { noise: true }, { resampleFilter: ROUND }],
  ['one that is not separable, residual blocks', { noise: true, architecture: 'resnet' }, { resampleFilter: ROUND }],
  [
    'one with fewer rows than columns',
    {},
    {
      resampleFilter: [
        [1, 2, 3, 0.5],
        [4, 1, 0, 2],
      ],
    },
  ],
  ['one with a single row', {}, { resampleFilter: [[1, 2, 4]] }],
  ['one with a single column', {}, { resampleFilter: [[1], [2], [4]] }],
])('both graphs compute what the paper’s formulas say: %s', async (_, options, changed) => {
  const settings = { ...TINY_SETTINGS, ...changed };
  const tensors = tinyStylegan2(options);
  const graphs = stylegan2Graphs(tensors, settings);
  const reference = new ReferenceStylegan2(tensors, settings);
  const z = [latent(1, 5), latent(2, 5)].map((row) => Array.from(row, Math.fround));
  const classes = options.classes ?? 0;
  const c = [0, 1].map((label) => Array.from({ length: classes }, (_, i) => Number(i === label)));

  const feeds = {
    z: { data: Float32Array.from(z.flat()), dims: [2, 5] },
    psi: { data: Float32Array.from(PSI), dims: [6] },
    ...(classes > 0 ? { c: { data: Float32Array.from(c.flat()), dims: [2, classes] } } : {}),
  };
  const { ws } = await engine.run(runModelTask, { model: graphs.mapping, feeds }, { lane: 'batch' });
  const expected = z.map((row, n) => reference.styles(row, c[n]!, PSI));
  expect(greatestDifference(ws!, expected.flat(2))).toBeLessThan(1e-5);

  const outputs = await engine.run(
    runModelTask,
    { model: graphs.synthesis, feeds: { ws: { data: ws!, dims: [2, 6, 6] } } },
    { lane: 'batch' },
  );
  for (const n of [0, 1]) {
    const maps = reference.synthesize(expected[n]!);
    expect([...maps.keys()].sort()).toEqual(Object.keys(outputs).sort());
    for (const [name, { data }] of maps) {
      const found = outputs[name]!.subarray(n * data.length, (n + 1) * data.length);
      const greatest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(greatest).toBeGreaterThan(0.1);
      expect(greatestDifference(found, data), name).toBeLessThan(1e-5 * Math.max(1, greatest));
    }
  }
});
