import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { followJobEnd } from '../../../src/jobs/dataset-state.ts';
import type { JobEnd } from '../../../src/jobs/queue/delivery.ts';
import { insertDataset, requireDataset, updateDataset } from '../../../src/store/datasets.ts';
import { json } from '../../../src/store/rows.ts';
import type { DatasetState } from '../../../src/store/schema.ts';
import type { Store } from '../../../src/store/store.ts';
import { type TestState, testState } from '../store/test-store.ts';

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

const job = (kind: string, of: 'queued' | 'running') =>
  store.db
    .insertInto('jobs')
    .values({ id: randomUUID(), kind, dataset_id: 'd', state: of, input: json({}) })
    .execute();
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
