import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { engineTask } from '../../../src/engine/task.ts';
import { type Prediction, predictTask } from '../../../src/interpreter/inference/predict.ts';
import { PRIORITY } from '../../../src/jobs/engine-tasks/priority.ts';
import { localVersion } from '../../../src/jobs/product/version-file.ts';
import { taskRow } from '../../../src/jobs/projects/task-picture.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { recordTasks } from '../../../src/store/tasks.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { count } from '../engine/tasks.ts';

let factory: DatasetFactory;
let id: string;
beforeAll(async () => {
  factory = await DatasetFactory.open({ keypoints: 'beside masks' });
  id = (await factory.project()).key;
});
afterAll(() => factory?.remove());
afterEach(() => vi.restoreAllMocks());

const projects = () => factory.backend.projects;

async function predicted(seed: number, psi = 1): Promise<Prediction> {
  const { generators, engine } = factory.product;
  const project = await factory.project();
  const generator = await generators.find('tiny');
  const image = { generator: generator.card.id, seed, class: null, psi, cutoff: null };
  const versionFile = await localVersion(factory.product, project.current_version!);
  return await engine.run(predictTask, { generator, image, versionFile, wantJsMap: true }, { lane: 'interactive' });
}

test('mask, uncertainty and figures of a seed are those of one prediction', async () => {
  const runs = vi.spyOn(factory.engine, 'run');
  const asked = { patient: true };
  const [mask, uncertainty, figures] = await Promise.all([
    projects().prediction(id, 7, asked),
    projects().uncertainty(id, 7, asked),
    projects().predictionFigures(id, 7, asked),
  ]);
  expect(runs.mock.calls.filter(([task]) => task.name === 'predict')).toHaveLength(1);
  expect(await projects().prediction(id, 7, asked)).toBe(mask);
  expect(runs.mock.calls.filter(([task]) => task.name === 'predict')).toHaveLength(1);
  runs.mockRestore();

  const { width, height, labelMap, jsMap, score, keypoints } = await predicted(7);
  expect(await decodeIndexPng(mask)).toEqual({ width, height, data: labelMap });
  const hundredths = Uint8Array.from(jsMap!, (nats) => Math.min(255, Math.round(100 * nats)));
  expect(await decodeIndexPng(uncertainty)).toEqual({ width, height, data: hundredths });
  expect(Math.max(...hundredths)).toBeGreaterThan(0);
  expect(figures).toMatchObject({ labels: ['Background', 'bright'], width, height, score });
  expect(figures.keypoints).toHaveLength(keypoints.length);
});

test('another psi is another picture, a version of another project unknown', async () => {
  const [own, other] = await Promise.all([
    projects().prediction(id, 8, {}),
    projects().prediction(id, 8, { psi: 0.5, version: (await factory.project()).current_version! }),
  ]);
  expect(other).not.toEqual(own);
  expect((await decodeIndexPng(other)).data).toEqual((await predicted(8, 0.5)).labelMap);
  await expect(projects().prediction(id, 8, { version: 'dg-other' })).rejects.toMatchObject({ code: 'unknown-version' });
});

test('pictures of tasks by their number, and of seeds in turn', async () => {
  const { store, generators } = factory.product;
  const { key } = await factory.project();
  const { card } = await generators.find('tiny');
  const picture = (seed: number, psi: number) => ({ generator: card.id, seed, class: null, psi, cutoff: null });
  const foreign = { ...picture(9, 1), generator: 'another' };
  await recordTasks(store.db, [
    taskRow(key, 5, picture(50, 1)),
    taskRow(key, 3, picture(30, 0.5)),
    taskRow(key, 4, foreign),
    taskRow(key, 8, picture(80, 1)),
  ]);
  const tasks = await projects().pictures(id, { start: 1, limit: 1 });
  expect(tasks).toMatchObject({ total: 3, generator: card.id, pictures: [{ seed: 50, psi: 1, task: { id: 5 } }] });
  expect(tasks.pictures).toHaveLength(1);
  expect((await projects().pictures(id, { psi: 0.7 })).pictures.map(({ psi }) => psi)).toEqual([0.7, 0.7, 0.7]);
  const last = await projects().pictures(id, { of: 'seeds', start: 2 ** 32 - 2, limit: 24 });
  expect(last.pictures.map(({ seed, task }) => [seed, task])).toEqual([
    [2 ** 32 - 2, null],
    [2 ** 32 - 1, null],
  ]);
});

test('a small picture has the width that was asked for', async () => {
  const png = await factory.backend.generators.image('tiny', 3, { width: 8, patient: true });
  expect(await sharp(png).metadata()).toMatchObject({ width: 8, height: 8, format: 'png' });
});

test('who goes away takes the work along that nobody else waits for', async () => {
  const release = factory.engine.hold((task) => task === 'predict');
  const gone = new AbortController();
  const left = projects().prediction(id, 90, { patient: true, signal: gone.signal });
  await expect.poll(() => factory.engine.held).toBe(1);
  gone.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  release();
});

test('a training begins at the next picture while a page of pictures waits', async () => {
  const { engine } = factory.product;
  const trainTask = engineTask(new URL('../engine/tasks.ts', import.meta.url).href, count);
  const done: string[] = [];
  const look = (seed: number) =>
    projects()
      .prediction(id, seed, { patient: true })
      .then(() => done.push('picture'));
  const first = look(200);
  const others = Array.from({ length: 23 }, (_, i) => look(201 + i));
  await first;
  await engine.run(trainTask, 5, { lane: 'batch', priority: PRIORITY.train, makesRoom: true });
  const before = done.length;
  expect(before).toBeLessThan(12);
  await Promise.all(others);
  expect(done).toHaveLength(24);
});
