import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { stylegan3Graphs } from '../../../src/stylegan/graph/stylegan3.ts';
import { latent } from '../../../src/stylegan/latent.ts';
import { greatestDifference } from '../../support/golden.ts';
import { referenceStylegan3, TINY3_SETTINGS, tinyStylegan3 } from '../../support/reference-stylegan3.ts';
import { runModelTask } from './tasks.ts';

let engine: Engine;
beforeAll(() => {
  engine = new Engine({ threads: 1, memoryLimit: 1e9 });
});
afterAll(() => engine.close());

test('every layer is what the formulas say, for two images at once; taps are layers without their margins', async () => {
  const tensors = tinyStylegan3();
  const graphs = stylegan3Graphs(tensors, TINY3_SETTINGS);
  expect(graphs).toMatchObject({ family: 'stylegan3', resolution: 12, numWs: 4, zDim: 5, wDim: 6 });
  expect(graphs.tapSets.editgan).toEqual([
    { name: 'input', channels: 4, resolution: 4 },
    { name: 'L0_8_4', channels: 4, resolution: 4 },
    { name: 'L1_12_3', channels: 3, resolution: 8 },
  ]);
  const ws = [1, 2].map((seed) => Array.from(latent(seed, 24), Math.fround));
  const run = { model: graphs.synthesis, feeds: { ws: { data: Float32Array.from(ws.flat()), dims: [2, 4, 6] } } };
  const outputs = await engine.run(runModelTask, run, { lane: 'batch' });
  for (const [n, flat] of ws.entries()) {
    const rows = [0, 1, 2, 3].map((l) => flat.slice(6 * l, 6 * l + 6));
    const expected = referenceStylegan3(tensors, TINY3_SETTINGS, rows);
    expect(expected.size).toBe(5);
    for (const [name, values] of expected) {
      const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(greatest).toBeGreaterThan(0.05);
      const found = outputs[name]!.subarray(n * values.length, (n + 1) * values.length);
      expect(greatestDifference(found, values), name).toBeLessThan(1e-5 * Math.max(1, greatest));
    }
    // Pixels 2 to 9 of 12.
    const whole = expected.get('layer.L1_12_3')!;
    const inner = Array.from(
      { length: 3 * 64 },
      (_, i) => whole[(Math.floor(i / 64) * 12 + 2 + (Math.floor(i / 8) % 8)) * 12 + 2 + (i % 8)]!,
    );
    expect(greatestDifference(outputs['tap.L1_12_3']!.subarray(n * 192, (n + 1) * 192), inner)).toBeLessThan(1e-4);
  }
});

test.each<[string, (tensors: ReturnType<typeof tinyStylegan3>) => unknown, Partial<typeof TINY3_SETTINGS>]>([
  ["'L0_8_4' upsamples without a filter", (t) => t.delete('synthesis.L0_8_4.up_filter'), {}],
  ["'L1_12_3' downsamples without a filter", (t) => t.delete('synthesis.L1_12_3.down_filter'), {}],
  ["'L0_8_4' expects 8 px, but its input has 10", () => {}, { input: { size: 10, samplingRate: 4, bandwidth: 0.7 } }],
  [
    "'L1_12_3' returns 12 px, but 14 were expected",
    () => {},
    { layers: TINY3_SETTINGS.layers.map((l) => (l.name === 'L1_12_3' ? { ...l, outSize: 14 } : l)) },
  ],
  [
    "'L1_12_3' has 12 px for 7 px of the image",
    () => {},
    { layers: TINY3_SETTINGS.layers.map((l) => (l.name === 'L1_12_3' ? { ...l, samplingRate: 7 } : l)) },
  ],
  [
    'these tensors are unknown: synthesis.L0_8_4.more',
    (t) => t.set('synthesis.L0_8_4.more', { dims: [1], data: Float32Array.of(1) }),
    {},
  ],
])('refused: %s', (message, change, settings) => {
  const tensors = tinyStylegan3();
  change(tensors);
  expect(() => stylegan3Graphs(tensors, { ...TINY3_SETTINGS, ...settings })).toThrow(
    expect.objectContaining({ code: 'bad-generator', message: expect.stringContaining(message) }),
  );
});
