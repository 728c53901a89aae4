import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { wholeJob } from '../../../src/jobs/datasets/plan/order-job.ts';
import { followJobEnd } from '../../../src/jobs/datasets/record/dataset-state.ts';
import type { JobEnd } from '../../../src/jobs/queue/delivery.ts';
import { insertPart } from '../../../src/store/dataset-parts.ts';
import { insertDataset, requireDataset, updateDataset } from '../../../src/store/datasets.ts';
import { requireJob } from '../../../src/store/jobs.ts';
import { json } from '../../../src/store/rows.ts';
import type { DatasetState, JobsTable } from '../../../src/store/schema.ts';
import type { Store } from '../../../src/store/store.ts';
import type { DatasetPlan } from '../../../src/synthesis/dataset-plan.ts';
import { type TestState, testState } from '../store/test-store.ts';

type NewJob = Insertable<JobsTable>;

let state: TestState;
let store: Store;
beforeAll(async () => {
  state = await testState('embedded');
  store = await state.open();
});
afterAll(async () => {
  await store?.close();
  await state?.remove();
});
beforeEach(async () => {
  await store.db.deleteFrom('jobs').execute();
  await store.db.deleteFrom('datasets').execute();
  const common = { plan_id: 'p', plan: json({}), origin: json({}), folder: '', title: '', project_key: 'k' };
  await insertDataset(store.db, { id: 'd', state: 'running', ...common });
});

const insertJob = async (kind: string, fields: Partial<NewJob>): Promise<string> => {
  const id = randomUUID();
  await store.db
    .insertInto('jobs')
    .values({ id, kind, dataset_id: 'd', input: json({}), ...fields })
    .execute();
  return id;
};
const job = (kind: string, of: 'queued' | 'running') => insertJob(kind, { state: of });
/** What the dataset is after these ends, and whether Label Studio is to be told of the last one. */
async function after(...ends: [kind: JobEnd['kind'], state: JobEnd['state']][]): Promise<[DatasetState, boolean]> {
  let asked: readonly unknown[] = [];
  for (const [kind, to] of ends)
    asked = await store.db.transaction().execute((trx) => followJobEnd(trx, { kind, datasetId: 'd', state: to }));
  return [(await requireDataset(store.db, 'd')).state, asked.length > 0];
}

test('a dataset is complete with the last of its jobs', async () => {
  await job('publish', 'queued');
  await job('export', 'running');
  expect(await after(['synthesize', 'completed'])).toEqual(['running', false]);
  await store.db.deleteFrom('jobs').where('kind', '=', 'export').execute();
  expect(await after(['export', 'completed'])).toEqual(['running', false]);
  await store.db.deleteFrom('jobs').execute();
  expect(await after(['publish', 'completed'])).toEqual(['completed', true]);
});

test('it is failed or cancelled with the first that is, and stays so', async () => {
  await job('publish', 'running');
  expect(await after(['export', 'failed'])).toEqual(['failed', true]);
  await store.db.deleteFrom('jobs').execute();
  expect(await after(['publish', 'completed'])).toEqual(['failed', false]);
  await updateDataset(store.db, 'd', { state: 'running' });
  expect(await after(['synthesize', 'cancelled'])).toEqual(['cancelled', true]);
});

test('its shards do not end it, and the end of its jobs does not end a pause', async () => {
  expect(await after(['shard', 'failed'], ['describe', 'completed'])).toEqual(['running', false]);
  await updateDataset(store.db, 'd', { state: 'paused' });
  expect(await after(['synthesize', 'cancelled'])).toEqual(['paused', false]);
});

test("an order's job ends with the last of its deliveries, counts all phases, and says where the pairs are", async () => {
  const plan: DatasetPlan = {
    generator: 'g',
    version: 'dg-1',
    psi: 0.7,
    cutoff: null,
    seedStart: 1_000_000,
    count: 10,
    filter: 0.2,
    shardSize: 100,
    skippedSeeds: [],
  };
  await store.db
    .updateTable('datasets')
    .set({ options: json({ destination: 'new', formats: ['coco', 'voc'] }) })
    .execute();
  await insertPart(store.db, { dataset_id: 'd', index: 0, plan_id: 'p', plan: json(plan) });
  const order = await insertJob('synthesize', { state: 'running', done: 5, total: 13, rate: 2, eta: 4 });
  const seen = async () => wholeJob(store.db, await requireJob(store.db, order));
  const change = (id: string, fields: object) => store.db.updateTable('jobs').set(fields).where('id', '=', id).execute();
  // 13 candidates, 10 pairs to push, and 10 in each of two formats.
  expect(await seen()).toMatchObject({ state: 'running', done: 5, total: 13 + 30, rate: 2, eta: 4 });

  const publish = await insertJob('publish', { state: 'queued' });
  const files = await insertJob('export', { state: 'running', done: 7, total: 20, rate: 3, eta: 5 });
  // Of another order into the same dataset.
  await insertJob('publish', { state: 'failed', error: json({ code: 'internal', message: 'Long ago.' }) });
  const made = { dataset: 'd', pairs: 10, publish, export: files };
  await change(order, { state: 'completed', done: 13, result: json(made) });
  expect(await seen()).toMatchObject({ state: 'running', done: 20, total: 43, rate: 3, eta: 5, result: made });
  const placed = { formats: ['coco', 'voc'], place: '/data/d' };
  await change(files, { state: 'completed', result: json({ ...placed, pairs: 10 }) });
  await change(publish, { state: 'running', done: 4, rate: 1, eta: 6 });
  expect(await seen()).toMatchObject({ state: 'running', done: 37, total: 43, rate: 1, eta: 6 });
  await change(publish, { state: 'completed', result: json({ project: 12, url: '/projects/12/data', pairs: 10 }) });
  const { error, ...whole } = await seen();
  expect(error).toBeUndefined();
  expect(whole).toMatchObject({ state: 'completed', done: 43, total: 43, rate: null, eta: null });
  expect(whole.result).toEqual({ ...made, ...placed, project: 12, url: '/projects/12/data' });

  const told = { code: 'label-studio-gone', message: 'The project is gone.' };
  await change(publish, { state: 'failed', error: json(told) });
  expect(await seen()).toMatchObject({ state: 'failed', error: told });
  await change(publish, { state: 'cancelled' });
  expect((await seen()).state).toBe('cancelled');
});
