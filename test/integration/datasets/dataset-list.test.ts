import { randomUUID } from 'node:crypto';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetBackend } from '../../../src/jobs/datasets/dataset-backend.ts';
import { insertPart } from '../../../src/store/dataset-parts.ts';
import { insertDataset, requireDataset } from '../../../src/store/datasets.ts';
import { json } from '../../../src/store/rows.ts';
import type { DatasetState } from '../../../src/store/schema.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';

let factory: DatasetFactory;
let made: string;
beforeAll(async () => {
  factory = await DatasetFactory.open();
  made = await factory.order({ count: 4 });
  await factory.reaches(made, 'completed');
});
afterAll(async () => {
  await factory?.remove();
});

/** Another one of the same plan. */
async function copy(state: DatasetState): Promise<string> {
  const { db } = factory.product.store;
  const { plan_id: planId, plan, origin, options, project_key: project, folder } = await requireDataset(db, made);
  const id = randomUUID();
  await insertDataset(db, {
    id,
    state,
    title: id,
    folder,
    project_key: project,
    plan_id: planId,
    plan: json(plan),
    origin: json(origin),
    options: json(options),
    ls_project_id: 12,
  });
  // One that is worked on is asked how much is to come.
  await insertPart(db, { dataset_id: id, index: 0, plan_id: planId, plan: json({ ...plan, count: 40 }) });
  const jobs = Array.from({ length: 30 }, () => ({
    id: randomUUID(),
    kind: 'synthesize',
    dataset_id: id,
    state: 'failed' as const,
    input: json({}),
    error: json({ code: 'internal', message: 'Long ago.' }),
  }));
  await db.insertInto('jobs').values(jobs).execute();
  return id;
}

async function listCounted(): Promise<{ readonly rows: number; readonly queries: number }> {
  let queries = 0;
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      queries++;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const { store } = factory.product;
  const backend = datasetBackend({ ...factory.product, store: { ...store, db: store.db.withPlugin(counting) } });
  const { rows } = await backend.list({});
  return { rows: rows.length, queries };
}

test('a list of datasets takes as many queries as one dataset does', async () => {
  await copy('running');
  const few = await listCounted();
  expect(few.rows).toBe(2);
  for (const state of ['running', 'paused', 'queued', 'failed', 'cancelled', 'running'] as const) await copy(state);
  const many = await listCounted();
  expect(many.rows).toBe(8);
  expect(many.queries).toBe(few.queries);
  expect(many.queries).toBeLessThan(12);
});

test('each dataset of a list is what it is by itself', async () => {
  const failed = await copy('failed');
  const { datasets } = factory.backend;
  const { rows } = await datasets.list({});
  for (const row of rows) expect(row).toEqual(await datasets.get(row.id));
  const found = (id: string) => rows.find((row) => row.id === id)!;
  expect(found(made)).toMatchObject({ state: 'completed', asked: 4, delivered: 4, bytesToCome: 0, url: null });
  const { project, url, reasons } = found(failed);
  expect([url, reasons]).toEqual([`${project.host}/projects/12/data`, ['Long ago.']]);
  expect(rows.find(({ state }) => state === 'running')!.bytesToCome).toBeGreaterThan(0);
});

test('there may be none', async () => {
  await factory.product.store.db.deleteFrom('datasets').execute();
  expect(await factory.backend.datasets.list({})).toEqual({ rows: [], total: 0 });
});
