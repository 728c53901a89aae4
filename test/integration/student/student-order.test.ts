import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/run-command-line.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { serveFactory } from '../../support/serve-factory.ts';
import { randomBackbone } from '../photos/support/disc-photos.ts';

let folder: string;
let factory: DatasetFactory;
let id: string;
let close: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-student-order-'));
  vi.stubEnv('DATA_DIR', join(folder, 'data'));
  await randomBackbone(join(folder, 'data', 'backbones'));
  factory = await DatasetFactory.open();
  id = await factory.order({ count: 4, destination: 'files', formats: ['index-png'] });
  await factory.reaches(id, 'completed');
  const server = await serveFactory(factory);
  vi.stubEnv('PORT', server.port);
  close = server.close;
});
afterAll(async () => {
  await close?.();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test('an order becomes a model file, and its pairs do not stay', async () => {
  const said = ['stdout', 'stderr'].map((stream) =>
    vi.spyOn(process[stream as 'stdout' | 'stderr'], 'write').mockReturnValue(true),
  );
  const made = join(folder, 'made');
  try {
    expect(await runCommandLine(['student', id, '--backbone', 'random', '--out', join(made, 'student.onnx')])).toBe(0);
  } finally {
    for (const spy of said) spy.mockRestore();
  }
  expect(readdirSync(made).toSorted()).toEqual(['student.onnx', 'student.safetensors']);
  const session = await InferenceSession.create(readFileSync(join(made, 'student.onnx')));
  const picture = new Tensor('uint8', new Uint8Array(40 * 60 * 3).fill(90), [1, 40, 60, 3]);
  const { label_map: labels } = await session.run({ photograph: picture });
  expect(labels?.dims).toEqual([1, 40, 60]);
}, 240_000);

test('an order that nobody knows is told by its id', async () => {
  const unknown = runCommandLine(['student', 'none', '--backbone', 'random', '--out', join(folder, 'none.onnx')]);
  await expect(unknown).rejects.toMatchObject({ code: 'unknown-dataset', message: expect.stringContaining('none') });
});
