import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitSwap } from '../../../src/jobs/predictions/await-swap.ts';
import { taskRow } from '../../../src/jobs/projects/task-picture.ts';
import type { PredictTask } from '../../../src/label-studio/requests/predict-request.ts';
import { predictionFigures, pushedTasks } from '../../../src/store/predictions.ts';
import { updateProject } from '../../../src/store/projects.ts';
import { json } from '../../../src/store/rows.ts';
import type { Project } from '../../../src/store/schema.ts';
import { listTasks, recordTasks, seedsInUse } from '../../../src/store/tasks.ts';
import { requireVersion } from '../../../src/store/versions.ts';
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
  const pixels = card.labelSize.width * card.labelSize.height;
  const figures = await factory.backend.projects.figures(String(project.ls_id));
  expect(figures).toMatchObject({ version: project.current_version, pictures: 1 });
  const [kept] = await predictionFigures(db, project.key, project.current_version!);
  expect(kept!.areas!.reduce((sum, area) => sum + area)).toBe(pixels);
});

describe('a task that is opened during a training', () => {
  const seconds = (total: number) => ({ sampling: 0, training: total, total });
  const trainingSince = async (startedAt: Date) => {
    const { store } = factory.product;
    const project = await factory.project();
    const id = randomUUID();
    const row = {
      id,
      kind: 'train',
      state: 'running',
      project_key: project.key,
      input: json({}),
      started_at: startedAt,
    } as const;
    await store.db.insertInto('jobs').values(row).execute();
    const end = () => store.db.updateTable('jobs').set({ state: 'completed' }).where('id', '=', id).execute();
    return { project, end };
  };
  /** As awaitSwap is asked by /predict; the limits are far beyond what a test may take, so that waiting for them fails it. */
  const wait = (project: Project, predictWaitMs = 600_000) =>
    awaitSwap(
      { store: factory.product.store, settings: { ...factory.product.settings, predictWaitMs }, now: Date.now },
      project,
      Date.now() + 600_000,
    );
  const lastTraining = async (project: Project, total: number) => {
    const { db } = factory.product.store;
    const { record } = await requireVersion(db, project.current_version!);
    await db
      .updateTable('versions')
      .set({ record: json({ ...record, seconds: seconds(total) }) })
      .where('id', '=', project.current_version!)
      .execute();
  };

  test('waits until the new version is current, or the training ends without', async () => {
    const { project, end } = await trainingSince(new Date());
    const before = project.current_version;
    await lastTraining(project, 2);
    const waiting = wait(project);
    const winner = await Promise.race([waiting.then(() => 'answered'), setTimeout(500, 'waits')]);
    expect(winner).toBe('waits');
    await updateProject(factory.product.store.db, project.key, { current_version: null });
    await waiting;
    const again = wait(await factory.project());
    await end();
    await again;
    await updateProject(factory.product.store.db, project.key, { current_version: before });
  });

  test('does not wait where none is under way, where it takes too long, and where waiting is switched off', async () => {
    const project = await factory.project();
    await wait(project);
    const { end } = await trainingSince(new Date());
    await lastTraining(project, 700);
    await wait(project);
    await lastTraining(project, 2);
    await wait(project, 0);
    await end();
  });
});
