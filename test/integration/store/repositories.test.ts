import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as parts from '../../../src/store/dataset-parts.ts';
import * as datasetProjects from '../../../src/store/dataset-projects.ts';
import * as datasets from '../../../src/store/datasets.ts';
import * as jobs from '../../../src/store/jobs.ts';
import * as orders from '../../../src/store/orders.ts';
import * as predictions from '../../../src/store/predictions.ts';
import * as projectVersions from '../../../src/store/project-versions.ts';
import * as projects from '../../../src/store/projects.ts';
import { json } from '../../../src/store/rows.ts';
import type { NewProject } from '../../../src/store/schema.ts';
import * as shards from '../../../src/store/shards.ts';
import type { Store } from '../../../src/store/store.ts';
import * as settings from '../../../src/store/stored-settings.ts';
import * as tasks from '../../../src/store/tasks.ts';
import * as versions from '../../../src/store/versions.ts';
import { ENGINES, type TestState, testState } from './test-store.ts';

const HOST = 'http://label-studio.test:8080';
const KEY = projects.projectKey({ host: HOST, lsId: 7, createdAtUnix: 1_700_000_000 });

function project(lsId: number, more: Partial<NewProject> = {}): NewProject {
  const uid = { host: HOST, lsId, createdAtUnix: 1_700_000_000 };
  return {
    key: projects.projectKey(uid),
    host: uid.host,
    ls_id: uid.lsId,
    created_at_unix: uid.createdAtUnix,
    title: 'Portraits',
    kind: 'labelling',
    label_config: '<View/>',
    ...more,
  };
}

function version(id: string) {
  return {
    id,
    generator_id: 'g1',
    labels: json(['hair', 'face']),
    record: json({ steps: 600 }),
    validation: 'pending' as const,
    weights_sha256: 'a'.repeat(64),
  };
}

function task(projectKey: string, taskId: number, seed: number, generatorId = 'g1') {
  return { project_key: projectKey, task_id: taskId, generator_id: generatorId, seed, psi: 1 };
}

function prediction(taskId: number, versionId: string, more: { pushed?: boolean; created_at?: Date } = {}) {
  const common = { project_key: KEY, mask_sha256: 'b'.repeat(64), score: 0.9, js: 0.1, source: 'refresh' as const };
  return { ...common, task_id: taskId, version_id: versionId, ...more };
}

describe.each(ENGINES)('on %s', (kind) => {
  let state: TestState;
  let store: Store;
  beforeAll(async () => {
    state = await testState(kind);
    store = await state.open();
  });
  afterAll(async () => {
    await store?.close();
    await state?.remove();
  });
  beforeEach(async () => {
    const tables = [
      'predictions',
      'project_versions',
      'versions',
      'tasks',
      'orders',
      'projects',
      'jobs',
      'datasets',
      'shards',
    ] as const;
    for (const table of tables) await store.db.deleteFrom(table).execute();
  });

  test('a project is found by its key, and by its Label Studio id', async () => {
    const made = await projects.upsertProject(store.db, project(7, { psi: 0.7, extra: json({ seed_tasks: 16 }) }));
    expect(KEY).toBe('http://label-studio.test:8080|7|1700000000');
    expect(made).toMatchObject({
      key: KEY,
      created_at_unix: 1_700_000_000,
      state: 'connecting',
      psi: 0.7,
      cutoff: null,
      seeded: 0,
    });
    expect(made).toMatchObject({ extra: { seed_tasks: 16 }, webhooks: [], problem: null });
    expect(made.created_at).toBeInstanceOf(Date);
    expect(await projects.findProjectsByLsId(store.db, 7)).toHaveLength(1);
    expect(await projects.findProjectsByLsId(store.db, 7, 'http://other.test')).toEqual([]);
    await expect(projects.requireProject(store.db, 'nowhere')).rejects.toMatchObject({ code: 'unknown-project' });
  });

  test('recording a project again changes what is given and keeps the rest', async () => {
    await projects.upsertProject(store.db, project(7, { psi: 0.7 }));
    await projects.updateProject(store.db, KEY, { state: 'connected', seeded: 16 });
    const again = await projects.upsertProject(store.db, project(7, { title: 'Renamed' }));
    expect(again).toMatchObject({ title: 'Renamed', psi: 0.7, state: 'connected', seeded: 16 });
  });

  test('a project that is gone no longer answers to its id', async () => {
    await projects.upsertProject(store.db, project(7));
    const anew = { ...project(7), key: `${HOST}|7|1800000000`, created_at_unix: 1_800_000_000 };
    await projects.upsertProject(store.db, anew);
    await projects.updateProject(store.db, KEY, { state: 'gone' });
    expect((await projects.findProjectsByLsId(store.db, 7)).map(({ key }) => key)).toEqual([anew.key]);
    expect(await projects.listProjects(store.db)).toHaveLength(2);
    expect(await projects.listProjects(store.db, 'orders')).toEqual([]);
    await expect(projects.updateProject(store.db, 'nowhere', { misses: 1 })).rejects.toMatchObject({ code: 'unknown-project' });
  });

  test('a problem is kept as code, message and fix, and taken away', async () => {
    await projects.upsertProject(store.db, project(7));
    const problem = { code: 'bad-token', message: 'The "token" was refused.', fix: 'Make a new one.' };
    await projects.setProjectProblem(store.db, KEY, problem);
    expect((await projects.getProject(store.db, KEY))?.problem).toEqual(problem);
    await projects.setProjectProblem(store.db, KEY, null);
    expect((await projects.getProject(store.db, KEY))?.problem).toBeNull();
  });

  test('seeds in use are those of all labelling projects of one generator, and those annotated in dataset projects', async () => {
    await projects.upsertProject(store.db, project(7));
    await projects.upsertProject(store.db, project(8));
    await projects.upsertProject(store.db, project(9, { kind: 'dataset' }));
    await projects.upsertProject(store.db, project(10, { kind: 'orders' }));
    const [a, b, c, d] = [7, 8, 9, 10].map((id) => project(id).key) as [string, string, string, string];
    await tasks.recordTasks(store.db, [
      task(a, 1, 4_294_967_295),
      task(a, 2, 3),
      task(b, 1, 3),
      task(b, 2, 8, 'g2'),
      task(c, 1, 9),
      task(d, 1, 11),
    ]);
    expect(await tasks.seedsInUse(store.db, 'g1')).toEqual([3, 9, 4_294_967_295]);
    await tasks.recordTasks(store.db, [task(a, 2, 5)]);
    expect(await tasks.seedsInUse(store.db, 'g1')).toEqual([3, 5, 9, 4_294_967_295]);
    expect((await tasks.listTasks(store.db, a)).map(({ seed }) => seed)).toEqual([4_294_967_295, 5]);
    expect(await tasks.getTask(store.db, a, 2)).toEqual({ ...task(a, 2, 5), class: null, cutoff: null });
    expect(await tasks.getTask(store.db, a, 3)).toBeUndefined();
    expect(await tasks.getTask(store.db, KEY, Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  test('thousands of tasks at once', async () => {
    await projects.upsertProject(store.db, project(7));
    await tasks.recordTasks(
      store.db,
      Array.from({ length: 12_345 }, (_, index) => task(KEY, index, index)),
    );
    expect(await tasks.listTasks(store.db, KEY)).toHaveLength(12_345);
    expect(await tasks.countTasks(store.db, KEY)).toBe(12_345);
    const some = await tasks.tasksOfSeeds(store.db, KEY, [7, 12_344, 99_999]);
    expect(some.map(({ task_id }) => task_id)).toEqual([7, 12_344]);
    expect(await tasks.tasksOfSeeds(store.db, KEY, [])).toEqual([]);
  });

  test('the same version met again is not changed', async () => {
    await versions.recordVersion(store.db, version('dg-1'));
    await versions.recordValidation(store.db, 'dg-1', 'done', { mIoU: 0.7 });
    const again = await versions.recordVersion(store.db, { ...version('dg-1'), weights_sha256: 'c'.repeat(64) });
    expect(again).toMatchObject({
      labels: ['hair', 'face'],
      record: { steps: 600 },
      validation: 'done',
      validation_result: { mIoU: 0.7 },
    });
    expect(again.weights_sha256).toBe('a'.repeat(64));
    await expect(versions.requireVersion(store.db, 'dg-2')).rejects.toMatchObject({ code: 'unknown-version' });
    // Unless its weights were lost and made again.
    await versions.replaceWeights(store.db, 'dg-1', json({ steps: 700 }), 'd'.repeat(64));
    expect(await versions.requireVersion(store.db, 'dg-1')).toMatchObject({
      record: { steps: 700 },
      weights_sha256: 'd'.repeat(64),
      validation_result: { mIoU: 0.7 },
    });
  });

  test('activating swaps, and going back takes the old one up again', async () => {
    await projects.upsertProject(store.db, project(7));
    for (const id of ['dg-1', 'dg-2']) await versions.recordVersion(store.db, version(id));
    await projectVersions.activateVersion(store.db, { projectKey: KEY, versionId: 'dg-1', annotated: 1 });
    await projectVersions.activateVersion(store.db, { projectKey: KEY, versionId: 'dg-2', annotated: 2 });
    const current = async () =>
      (await projectVersions.versionsOfProject(store.db, KEY)).filter((row) => row.superseded_at === null).map((row) => row.id);
    expect(await current()).toEqual(['dg-2']);
    expect((await projects.getProject(store.db, KEY))?.current_version).toBe('dg-2');
    expect(await projectVersions.listVersionIds(store.db)).toEqual(['dg-2', 'dg-1']);
    await projectVersions.markPredictionsDeleted(store.db, KEY, 'dg-1');
    await projectVersions.activateVersion(store.db, { projectKey: KEY, versionId: 'dg-1', annotated: 1 });
    expect(await current()).toEqual(['dg-1']);
    expect(await projectVersions.versionsOfProject(store.db, KEY)).toMatchObject([
      { id: 'dg-1', predictions_deleted: false },
      { id: 'dg-2', annotated: 2 },
    ]);
    expect(await projectVersions.listVersionIds(store.db)).toEqual(['dg-1', 'dg-2']);
  });

  test('versions by pages and by state, and one for each number of annotated pictures', async () => {
    await projects.upsertProject(store.db, project(7));
    const measured: Readonly<Record<string, object | null>> = {
      'dg-1': { mIoU: 0.4 },
      'dg-2': { mIoU: 0.5 },
      'dg-3': { mIoU: null },
      'dg-4': { mIoU: null },
      'dg-5': null,
    };
    const annotated = { 'dg-1': 2, 'dg-2': 4, 'dg-3': 4, 'dg-4': 3, 'dg-5': 5 };
    for (const [versionId, pictures] of Object.entries(annotated)) {
      await versions.recordVersion(store.db, version(versionId));
      const result = measured[versionId] ?? null;
      if (result !== null) await versions.recordValidation(store.db, versionId, 'done', result);
      await projectVersions.activateVersion(store.db, { projectKey: KEY, versionId, annotated: pictures });
    }
    const ids = async (filter: projectVersions.VersionFilter) =>
      (await projectVersions.versionsOfProject(store.db, KEY, filter)).map(({ id }) => id);
    expect(await ids({ limit: 2 })).toEqual(['dg-5', 'dg-4']);
    expect(await ids({ limit: 2, offset: 3 })).toEqual(['dg-2', 'dg-1']);
    expect(await ids({ validation: 'pending' })).toEqual(['dg-5']);
    expect(await projectVersions.countVersions(store.db, KEY)).toBe(5);
    expect(await projectVersions.versionOfProject(store.db, KEY, 'dg-2')).toMatchObject({ id: 'dg-2', annotated: 4 });
    expect(await projectVersions.versionOfProject(store.db, KEY, 'dg-9')).toBeUndefined();
    // Of two with as many pictures, one without a mean says nothing about masks.
    const points = await projectVersions.measuredVersions(store.db, KEY);
    expect(points.map((row) => [row.annotated, row.id])).toEqual([
      [2, 'dg-1'],
      [3, 'dg-4'],
      [4, 'dg-2'],
    ]);
  });

  test('superseded versions are listed until their predictions are deleted', async () => {
    await projects.upsertProject(store.db, project(7));
    for (const id of ['dg-1', 'dg-2']) await versions.recordVersion(store.db, version(id));
    await projectVersions.activateVersion(store.db, { projectKey: KEY, versionId: 'dg-1', annotated: 1 });
    await projectVersions.activateVersion(store.db, { projectKey: KEY, versionId: 'dg-2', annotated: 2 });
    const tomorrow = new Date(Date.now() + 86_400_000);
    expect(await projectVersions.supersededBefore(store.db, new Date(0))).toEqual([]);
    expect(await projectVersions.supersededBefore(store.db, tomorrow)).toMatchObject([{ version_id: 'dg-1' }]);
    await projectVersions.markPredictionsDeleted(store.db, KEY, 'dg-1');
    expect(await projectVersions.supersededBefore(store.db, tomorrow)).toEqual([]);
  });

  test('a prediction that was pushed stays pushed', async () => {
    await projects.upsertProject(store.db, project(7));
    await predictions.recordPredictions(store.db, [prediction(1, 'dg-1'), prediction(2, 'dg-1')]);
    await predictions.markPushed(store.db, KEY, 'dg-1', [1]);
    await predictions.recordPredictions(store.db, [{ ...prediction(1, 'dg-1'), score: 0.25, source: 'predict' }]);
    const stored = () => store.db.selectFrom('predictions').selectAll().orderBy('task_id').execute();
    expect(await stored()).toMatchObject([
      { task_id: 1, pushed: true, score: 0.25, source: 'predict' },
      { task_id: 2, pushed: false, score: 0.9, source: 'refresh' },
    ]);
    await predictions.recordPredictions(store.db, [{ ...prediction(2, 'dg-1'), areas: json([3, 1]) }]);
    const figures = await predictions.predictionFigures(store.db, KEY, 'dg-1');
    expect(figures.map(({ areas }) => areas)).toEqual(expect.arrayContaining([null, [3, 1]]));
    await predictions.deletePredictions(store.db, KEY, 'dg-1');
    expect(await stored()).toEqual([]);
  });

  test('a refresh goes to those with the oldest prediction first', async () => {
    await projects.upsertProject(store.db, project(7));
    await tasks.recordTasks(
      store.db,
      [1, 2, 3, 4, 5].map((id) => task(KEY, id, id)),
    );
    const at = (minute: number) => ({ pushed: true, created_at: new Date(Date.UTC(2026, 0, 1, 0, minute)) });
    await predictions.recordPredictions(store.db, [
      prediction(1, 'dg-1', at(1)),
      prediction(1, 'dg-2', at(9)),
      prediction(2, 'dg-1', at(2)),
      prediction(3, 'dg-3', at(3)),
      prediction(4, 'dg-1', at(1)),
      prediction(4, 'dg-3', { ...at(5), pushed: false }),
    ]);
    // 5 never had one; 3 has the version itself; 4 has it, but not in Label Studio.
    expect((await predictions.tasksToRefresh(store.db, KEY, 'dg-3', [1, 2, 3, 4, 5])).map(({ task }) => task)).toEqual([
      5, 2, 4, 1,
    ]);
  });

  test('jobs by project, state and kind, and their counts', async () => {
    const ids = ['1', '2', '3'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`) as [string, string, string];
    const rows = [
      { id: ids[0], kind: 'train', project_key: 'p', input: json({}), created_at: new Date(1000) },
      { id: ids[1], kind: 'train', project_key: 'p', input: json({}), state: 'failed' as const, created_at: new Date(2000) },
      {
        id: ids[2],
        kind: 'publish',
        project_key: 'p',
        dataset_id: 'd',
        input: json({ datasetId: 'd' }),
        created_at: new Date(3000),
      },
    ];
    await store.db.insertInto('jobs').values(rows).execute();
    const found = async (filter: jobs.JobFilter) => (await jobs.listJobs(store.db, filter)).map(({ id }) => id);
    expect(await found({ projectKey: 'p' })).toEqual([ids[2], ids[1], ids[0]]);
    expect(await found({ projectKey: 'p', states: ['queued'] })).toEqual([ids[2], ids[0]]);
    expect(await found({ datasetId: 'd' })).toEqual([ids[2]]);
    expect(await found({ kinds: ['train'], limit: 1 })).toEqual([ids[1]]);
    expect(await jobs.countJobs(store.db)).toEqual([
      { kind: 'publish', state: 'queued', count: 1 },
      { kind: 'train', state: 'failed', count: 1 },
      { kind: 'train', state: 'queued', count: 1 },
    ]);
    await expect(jobs.requireJob(store.db, 'not a uuid')).rejects.toMatchObject({ code: 'unknown-job' });
  });

  test('ended housekeeping jobs are forgotten, others are not', async () => {
    const job = (digit: number, kindOfJob: string, finished: number | null) => ({
      id: `00000000-0000-4000-8000-00000000000${digit}`,
      kind: kindOfJob,
      input: json({}),
      ...(finished === null ? {} : { state: 'completed' as const, finished_at: new Date(finished) }),
    });
    const rows = [job(1, 'reconcile', 1000), job(2, 'reconcile', 9000), job(3, 'reconcile', null), job(4, 'train', 1000)];
    await store.db.insertInto('jobs').values(rows).execute();
    await jobs.deleteEndedJobs(store.db, ['reconcile'], new Date(5000));
    expect((await jobs.listJobs(store.db, {})).map(({ id }) => id.at(-1)).sort()).toEqual(['2', '3', '4']);
  });

  test('datasets', async () => {
    const made = await datasets.insertDataset(store.db, {
      id: 'ds-1',
      plan_id: 'plan-1',
      plan: json({ count: 50 }),
      project_key: KEY,
      title: 'Fifty',
      folder: '/data/datasets/ds-1',
      origin: json({ door: 'rest' }),
    });
    expect(made).toMatchObject({ state: 'queued', delivered: 0, reasons: [], plan: { count: 50 } });
    await datasets.updateDataset(store.db, 'ds-1', { state: 'completed', delivered: 50, reasons: json(['short']) });
    expect(await datasets.requireDataset(store.db, 'ds-1')).toMatchObject({ id: 'ds-1', delivered: 50, reasons: ['short'] });
    expect(await datasets.getDataset(store.db, 'ds-2')).toBeUndefined();
    await expect(datasets.updateDataset(store.db, 'ds-2', { delivered: 1 })).rejects.toMatchObject({ code: 'unknown-dataset' });
  });

  test('which projects hold datasets of which labelling project', async () => {
    await projects.upsertProject(store.db, project(7));
    await projects.upsertProject(store.db, project(8));
    for (const id of [20, 21, 22]) await projects.upsertProject(store.db, project(id, { kind: 'dataset' }));
    const [a, b, x, y, gone] = [7, 8, 20, 21, 22].map((id) => project(id).key) as [string, string, string, string, string];
    await projects.updateProject(store.db, gone, { state: 'gone' });
    const rows = [
      ['1', a, x],
      ['2', b, x],
      ['3', a, y],
      ['4', a, x],
      ['5', a, gone],
      ['6', b, null],
    ] as const;
    for (const [id, source, holder] of rows) {
      const fixed = { plan_id: 'p', plan: json({}), title: '', folder: '', origin: json({}) };
      await datasets.insertDataset(store.db, { id, project_key: source, ls_project_key: holder, ...fixed });
    }
    const keysOf = (found: { key: string }[]) => found.map(({ key }) => key);
    expect(keysOf(await datasetProjects.datasetProjectsOf(store.db, a))).toEqual([x, y]);
    expect(keysOf(await datasetProjects.datasetProjectsOf(store.db, b))).toEqual([x]);
    expect(keysOf(await datasetProjects.sourcesOf(store.db, x))).toEqual([a, b]);
    expect(keysOf(await datasetProjects.sourcesOf(store.db, a))).toEqual([]);
    expect(await datasetProjects.foreignDatasets(store.db, x, a)).toEqual(['2']);
    // Made from b, and its dataset was deleted here.
    await projects.updateProject(store.db, y, { source_project: b });
    expect(keysOf(await datasetProjects.datasetProjectsOf(store.db, b))).toEqual([x, y]);
    expect(keysOf(await datasetProjects.sourcesOf(store.db, y))).toEqual([a, b]);
  });

  test("of a shard's results the first wins, and none is taken that no dataset needs", async () => {
    const shard = (index: number, js: number) => ({
      planId: 'plan-1',
      index,
      seeds: 1,
      bytes: 10 + index,
      records: [{ seed: 7, js }],
    });
    expect(await shards.completeShard(store.db, shard(0, 0.1))).toEqual({ committed: false, wanted: false });
    await insertDatasetOf('one', 'plan-1');
    expect(await shards.completeShard(store.db, shard(0, 0.1))).toEqual({ committed: true, wanted: true });
    expect(await shards.completeShard(store.db, shard(0, 0.2))).toEqual({ committed: false, wanted: true });
    expect(await shards.shardRecords(store.db, 'plan-1', 0)).toEqual([{ seed: 7, js: 0.1 }]);
    await shards.completeShard(store.db, shard(2, 0.3));
    expect(await shards.missingShards(store.db, 'plan-1', 5, 2)).toEqual([1, 3]);
    const stored = await shards.storedOf(store.db, ['plan-1', 'plan-2']);
    expect([...stored]).toEqual([['plan-1', { shards: 2, seeds: 2, bytes: 22 }]]);
    await shards.forgetShards(store.db, 'plan-1', [0]);
    expect([...(await shards.shardSizes(store.db, 'plan-1'))]).toEqual([[2, 12]]);
  });

  test('a deleted dataset takes along the shards that no other one needs', async () => {
    await insertDatasetOf('one', 'shared', 'own');
    await insertDatasetOf('two', 'shared');
    for (const planId of ['shared', 'own'])
      await shards.completeShard(store.db, { planId, index: 0, seeds: 1, bytes: 1, records: [] });
    expect(await parts.plansOnlyOf(store.db, 'one')).toEqual(['own']);
    await datasets.deleteDataset(store.db, 'one');
    expect(await shards.hasShard(store.db, 'shared', 0)).toBe(true);
    expect(await shards.hasShard(store.db, 'own', 0)).toBe(false);
    await datasets.deleteDataset(store.db, 'two');
    expect(await shards.hasShard(store.db, 'shared', 0)).toBe(false);
  });

  /** A dataset with a part for each plan. */
  async function insertDatasetOf(id: string, ...plans: string[]): Promise<void> {
    const common = { plan: json({}), origin: json({}), folder: '', title: '', project_key: 'p' };
    await datasets.insertDataset(store.db, { id, plan_id: plans[0]!, ...common });
    for (const [index, plan_id] of plans.entries())
      await parts.insertPart(store.db, { dataset_id: id, index, plan_id, plan: json({}) });
  }

  test('an order is one per task', async () => {
    await projects.upsertProject(store.db, project(7, { kind: 'orders' }));
    const order = { orders_project_key: KEY, task_id: 3, state: 'open', status: 'Waiting' };
    await orders.upsertOrder(store.db, order);
    await orders.upsertOrder(store.db, { ...order, annotation_id: 11, dataset_id: 'ds-1', status: 'Ordered' });
    expect(await orders.listOrders(store.db, KEY)).toMatchObject([{ task_id: 3, annotation_id: 11, status: 'Ordered' }]);
    expect(await orders.listOrders(store.db, 'another')).toEqual([]);
  });

  test('a setting is made once, whoever comes first, and checked when it is read', async () => {
    const schema = z.object({ token: z.string() });
    const made = await Promise.all(
      ['a', 'b', 'c'].map((value) => settings.getOrCreateSetting(store.db, 'api-token', schema, () => ({ token: value }))),
    );
    expect(new Set(made.map(({ token }) => token)).size).toBe(1);
    await settings.setSetting(store.db, 'api-token', 'text');
    expect(await settings.getSetting(store.db, 'api-token')).toBe('text');
    expect(await settings.readSetting(store.db, 'api-token', z.string())).toBe('text');
    expect(await settings.readSetting(store.db, 'nothing', schema)).toBeUndefined();
    const damaged = { code: 'damaged-record', message: expect.stringContaining('the setting api-token') };
    await expect(settings.readSetting(store.db, 'api-token', schema)).rejects.toMatchObject(damaged);
    await expect(settings.getOrCreateSetting(store.db, 'api-token', schema, () => ({ token: 'd' }))).rejects.toMatchObject(
      damaged,
    );
  });
});
