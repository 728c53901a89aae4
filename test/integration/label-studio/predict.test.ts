import { afterAll, beforeAll, expect, test } from 'vitest';
import { taskRow } from '../../../src/jobs/projects/task-picture.ts';
import type { PredictTask } from '../../../src/label-studio/requests/predict-request.ts';
import { pushedTasks } from '../../../src/store/predictions.ts';
import { listTasks, recordTasks, seedsInUse } from '../../../src/store/tasks.ts';
import type { ImageIdentity } from '../../../src/stylegan/image-identity.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';

let factory: DatasetFactory;
beforeAll(async () => {
  factory = await DatasetFactory.open();
});
afterAll(() => factory?.remove());

test('what comes by /predict is answered, and makes no task known, no seed reserved, and no row another', async () => {
  const { store, generators } = factory.product;
  const { db } = store;
  const project = await factory.project();
  const { card } = await generators.find('tiny');
  const picture = (seed: number, more: Partial<ImageIdentity> = {}): ImageIdentity => ({
    generator: card.id,
    seed,
    class: null,
    psi: card.psi,
    cutoff: card.cutoff,
    ...more,
  });
  const task = (id: number | null, image: ImageIdentity): PredictTask => ({ id, data: {}, meta: { datasetgan: image } });
  await recordTasks(db, [taskRow(project.key, 1, picture(5)), taskRow(project.key, 2, picture(6))]);
  const tasks = await listTasks(db, project.key);
  const seeds = await seedsInUse(db, card.id);

  const forged = Array.from({ length: 27 }, (_, i) => task(100 + i, picture(500 + i)));
  const others = [
    task(2, picture(7)),
    task(2, picture(6, { psi: 0.5 })),
    task(Number.MAX_SAFE_INTEGER, picture(8)),
    task(null, picture(9)),
  ];
  const results = await factory.backend.labelStudio.predict({
    tasks: [task(1, picture(5)), ...forged, ...others],
    project: `${project.ls_id}.${project.created_at_unix}`,
    labelConfig: null,
    context: null,
    deadline: Date.now() + 60_000,
  });

  for (const result of results) expect(result).toMatchObject({ model_version: project.current_version });
  expect(await listTasks(db, project.key)).toEqual(tasks);
  expect(await seedsInUse(db, card.id)).toEqual(seeds);
  const answered = [1, 2, ...forged.map(({ id }) => id!)];
  expect([...(await pushedTasks(db, project.key, project.current_version!, answered))]).toEqual([1]);
});
