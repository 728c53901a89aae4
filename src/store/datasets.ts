import { type Kysely, sql, type Transaction } from 'kysely';
import { DatasetGanError } from '../errors.ts';
import { plansOnlyOf } from './dataset-parts.ts';
import type { Database, Dataset, DatasetChange, DatasetState, NewDataset } from './schema.ts';

/** States of a dataset on which somebody works, or will. */
export const OPEN_STATES = ['queued', 'running'] as const satisfies readonly DatasetState[];

export async function insertDataset(db: Kysely<Database>, dataset: NewDataset): Promise<Dataset> {
  return await db.insertInto('datasets').values(dataset).returningAll().executeTakeFirstOrThrow();
}

export async function getDataset(db: Kysely<Database>, id: string): Promise<Dataset | undefined> {
  return await db.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The dataset, which nobody else changes until the transaction ends. */
export async function lockDataset(trx: Transaction<Database>, id: string): Promise<Dataset | undefined> {
  return await trx.selectFrom('datasets').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** @throws DatasetGanError `unknown-dataset` */
export async function requireDataset(db: Kysely<Database>, id: string): Promise<Dataset> {
  const dataset = await getDataset(db, id);
  if (dataset !== undefined) return dataset;
  throw new DatasetGanError('unknown-dataset', `There is no dataset ${id}.`, {
    fix: 'Use the id from the order. GET /api/datasets lists all datasets.',
  });
}

/** @throws DatasetGanError `unknown-dataset` */
export async function updateDataset(db: Kysely<Database>, id: string, change: DatasetChange): Promise<Dataset> {
  const changed = await db.updateTable('datasets').set(change).where('id', '=', id).returningAll().executeTakeFirst();
  return changed ?? (await requireDataset(db, id));
}

export interface DatasetFilter {
  readonly projectKey?: string | undefined;
  readonly states?: readonly DatasetState[] | undefined;
}

/** Datasets that match all that is given, newest first; from the one at `offset` on. */
export async function listDatasets(
  db: Kysely<Database>,
  { limit, offset, ...filter }: DatasetFilter & { readonly limit?: number; readonly offset?: number } = {},
): Promise<Dataset[]> {
  let query = matching(db, filter).selectAll();
  if (limit !== undefined) query = query.limit(limit);
  if (offset !== undefined) query = query.offset(offset);
  return await query.orderBy('created_at', 'desc').orderBy('id').execute();
}

export async function countDatasets(db: Kysely<Database>, filter: DatasetFilter): Promise<number> {
  const count = sql<number>`count(*)`.as('count');
  return Number((await matching(db, filter).select(count).executeTakeFirstOrThrow()).count);
}

function matching(db: Kysely<Database>, { projectKey, states }: DatasetFilter) {
  let query = db.selectFrom('datasets');
  if (projectKey !== undefined) query = query.where('project_key', '=', projectKey);
  if (states !== undefined) query = query.where('state', 'in', [...states]);
  return query;
}

/** Datasets of the same labelling project that were ordered before it, oldest first. */
export async function earlierDatasets(db: Kysely<Database>, { id, project_key: project }: Dataset): Promise<Dataset[]> {
  return await db
    .selectFrom('datasets')
    .selectAll()
    .where('project_key', '=', project)
    .where('id', '<>', id)
    .where('created_at', '<=', (row) => row.selectFrom('datasets as own').select('own.created_at').where('own.id', '=', id))
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

/** Changes the state of a dataset that is in one of the given states; false when it is not. */
export async function moveDataset(
  db: Kysely<Database>,
  id: string,
  from: readonly DatasetState[],
  change: DatasetChange,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('datasets')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', [...from])
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Forgets the dataset, its jobs, and the shards that no other dataset needs. */
export async function deleteDataset(db: Kysely<Database>, id: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const plans = await plansOnlyOf(trx, id);
    await trx.deleteFrom('datasets').where('id', '=', id).execute();
    if (plans.length > 0) await trx.deleteFrom('shards').where('plan_id', 'in', plans).execute();
    await trx
      .deleteFrom('jobs')
      .where('dataset_id', '=', id)
      .where('state', 'not in', [...OPEN_STATES])
      .execute();
  });
}
