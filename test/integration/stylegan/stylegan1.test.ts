import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { readCheckpoint } from '../../../src/stylegan/checkpoint/read-checkpoint.ts';
import { convertCheckpoint } from '../../../src/stylegan/convert/convert-checkpoint.ts';
import { latent } from '../../../src/stylegan/latent.ts';
import { datasetganState, tfStylegan1 } from '../../support/checkpoint-writers/stylegan1-files.ts';
import { writeTorchStream, writeTorchZip } from '../../support/checkpoint-writers/torch-writer.ts';
import { greatestDifference } from '../../support/golden.ts';
import { ReferenceStylegan1, tinyStylegan1 } from '../../support/reference-stylegan1.ts';
import { runModelTask } from './tasks.ts';

let engine: Engine;
beforeAll(() => {
  engine = new Engine({ threads: 1, memoryLimit: 1e9 });
});
afterAll(() => engine.close());

const PSI = [0.7, 0.7, 0.7, 0.7, 1, 1];
const NEVER = Number.POSITIVE_INFINITY;

test.each<[string, number, number, () => Uint8Array]>([
  ['TensorFlow', 1e-8, NEVER, () => tfStylegan1(tinyStylegan1(), 'auto')],
  ['TensorFlow, enlarging fused', 1e-8, 8, () => tfStylegan1(tinyStylegan1(), true)],
  ['TensorFlow, never fused', 1e-8, NEVER, () => tfStylegan1(tinyStylegan1(), false)],
  ['DatasetGAN stream', 1e-5, NEVER, () => writeTorchStream(datasetganState(tinyStylegan1()))],
  ['DatasetGAN zip', 1e-5, NEVER, () => writeTorchZip(datasetganState(tinyStylegan1()))],
])('every layer is what the paper’s formulas say: %s', async (name, epsilon, fusedFrom, write) => {
  const tensors = tinyStylegan1();
  if (name.startsWith('DatasetGAN')) {
    // The file has no noise: layer k gets numpy's RandomState(k).randn.
    for (const [r, first] of [
      [4, 0],
      [8, 2],
      [16, 4],
    ] as const)
      for (const index of [0, 1])
        tensors.set(`synthesis.b${r}.epilogue${index}.noise_const`, {
          dims: [r, r],
          data: Float32Array.from(latent(first + index, r * r)),
        });
  }
  const file = write();
  const network = convertCheckpoint(readCheckpoint(file), file.length);
  expect(network.tensors.has('mapping.w_avg')).toBe(!name.startsWith('DatasetGAN'));
  network.tensors.set('mapping.w_avg', tensors.get('mapping.w_avg')!);
  const graphs = network.build(network.tensors);
  expect(graphs).toMatchObject({ family: 'stylegan1', resolution: 16, numWs: 6, zDim: 5, wDim: 6, cDim: 0, epsilon });
  expect(graphs.tapSets.datasetgan!.map((tap) => tap.name)).toEqual([
    'b4.adain',
    'b4.conv',
    'b8.adain',
    'b8.conv',
    'b16.adain',
    'b16.conv',
  ]);

  const reference = new ReferenceStylegan1(tensors, { lrMultiplier: 0.01, epsilon, fusedFrom });
  const z = Array.from(latent(3, 5), Math.fround);
  const feeds = { z: { data: Float32Array.from(z), dims: [1, 5] }, psi: { data: Float32Array.from(PSI), dims: [6] } };
  const { ws } = await engine.run(runModelTask, { model: graphs.mapping, feeds }, { lane: 'batch' });
  const styles = reference.styles(z, PSI);
  expect(greatestDifference(ws!, styles.flat())).toBeLessThan(1e-5);
  const run = { model: graphs.synthesis, feeds: { ws: { data: ws!, dims: [1, 6, 6] } } };
  const outputs = await engine.run(runModelTask, run, { lane: 'batch' });
  const expected = reference.synthesize(styles);
  expect(Object.keys(outputs).sort()).toEqual([...expected.keys()].sort());
  for (const [output, values] of expected) {
    const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(greatestDifference(outputs[output]!, values), output).toBeLessThan(2e-5 * Math.max(1, greatest));
  }
});
