import type { Kysely } from 'kysely';
import { json } from './rows.ts';
import type { Database, DatasetPart, NewDatasetPart } from './schema.ts';

export async function insertPart(db: Kysely<Database>, part: NewDatasetPart): Promise<void> {
  await db.insertInto('dataset_parts').values(part).execute();
}

/** The dataset's parts in the order of its pairs. */
export async function listParts(db: Kysely<Database>, datasetId: string): Promise<DatasetPart[]> {
  return await db.selectFrom('dataset_parts').selectAll().where('dataset_id', '=', datasetId).orderBy('index').execute();
}

/** The parts of those datasets, of each in the order of its pairs. */
export async function partsOfDatasets(db: Kysely<Database>, datasetIds: readonly string[]): Promise<DatasetPart[]> {
  if (datasetIds.length === 0) return [];
  return await db
    .selectFrom('dataset_parts')
    .selectAll()
    .where('dataset_id', 'in', [...datasetIds])
    .orderBy('index')
    .execute();
}

/** The parts of all datasets that are made from that labelling project. */
export async function listPartsOfProject(db: Kysely<Database>, projectKey: string): Promise<DatasetPart[]> {
  return await db
    .selectFrom('dataset_parts')
    .innerJoin('datasets', 'datasets.id', 'dataset_parts.dataset_id')
    .selectAll('dataset_parts')
    .where('datasets.project_key', '=', projectKey)
    .execute();
}

/** Which pairs of the part are kept; decided once. */
export async function choosePart(db: Kysely<Database>, datasetId: string, index: number, choice: object): Promise<void> {
  await db
    .updateTable('dataset_parts')
    .set({ choice: json(choice) })
    .where('dataset_id', '=', datasetId)
    .where('index', '=', index)
    .execute();
}

/** Plans that no other dataset has a part of: their shards are this dataset's alone. */
export async function plansOnlyOf(db: Kysely<Database>, datasetId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('dataset_parts as own')
    .select('own.plan_id')
    .distinct()
    .where('own.dataset_id', '=', datasetId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('dataset_parts as other')
            .select('other.index')
            .whereRef('other.plan_id', '=', 'own.plan_id')
            .where('other.dataset_id', '<>', datasetId),
        ),
      ),
    )
    .execute();
  return rows.map(({ plan_id: planId }) => planId);
}
