import type { Kysely } from 'kysely';
import { DatasetGanError } from '../errors.ts';
import type { Database, Dataset, DatasetChange, NewDataset } from './schema.ts';

export async function insertDataset(db: Kysely<Database>, dataset: NewDataset): Promise<Dataset> {
  return await db.insertInto('datasets').values(dataset).returningAll().executeTakeFirstOrThrow();
}

export async function getDataset(db: Kysely<Database>, id: string): Promise<Dataset | undefined> {
  return await db.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @throws DatasetGanError `unknown-dataset` */
export async function requireDataset(db: Kysely<Database>, id: string): Promise<Dataset> {
  const dataset = await getDataset(db, id);
  if (dataset !== undefined) return dataset;
  throw new DatasetGanError('unknown-dataset', `There is no dataset ${id}.`, {
    fix: 'Use the id that was given when it was ordered.',
  });
}

/** @throws DatasetGanError `unknown-dataset` */
export async function updateDataset(db: Kysely<Database>, id: string, change: DatasetChange): Promise<Dataset> {
  const changed = await db.updateTable('datasets').set(change).where('id', '=', id).returningAll().executeTakeFirst();
  return changed ?? (await requireDataset(db, id));
}
