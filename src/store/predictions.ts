import { type Kysely, sql } from 'kysely';
import { chunks } from './rows.ts';
import type { Database, NewPrediction, Task } from './schema.ts';

/** Keeps predictions; one that is there already is overwritten, but stays "in Label Studio" once it was. */
export async function recordPredictions(db: Kysely<Database>, predictions: readonly NewPrediction[]): Promise<void> {
  for (const chunk of chunks(predictions)) {
    await db
      .insertInto('predictions')
      .values([...chunk])
      .onConflict((conflict) =>
        conflict.columns(['project_key', 'task_id', 'version_id']).doUpdateSet((row) => ({
          mask_sha256: row.ref('excluded.mask_sha256'),
          score: row.ref('excluded.score'),
          js: row.ref('excluded.js'),
          areas: row.ref('excluded.areas'),
          source: row.ref('excluded.source'),
          pushed: sql<boolean>`predictions.pushed or excluded.pushed`,
        })),
      )
      .execute();
  }
}

/** Which of these tasks have a prediction of the version in Label Studio, as far as we know. */
export async function pushedTasks(
  db: Kysely<Database>,
  projectKey: string,
  versionId: string,
  taskIds: readonly number[],
): Promise<Set<number>> {
  const pushed = new Set<number>();
  for (const chunk of chunks(taskIds)) {
    const rows = await db
      .selectFrom('predictions')
      .select('task_id')
      .where('project_key', '=', projectKey)
      .where('version_id', '=', versionId)
      .where('pushed', '=', true)
      .where('task_id', 'in', [...chunk])
      .execute();
    for (const { task_id } of rows) pushed.add(task_id);
  }
  return pushed;
}

/** The project's tasks that a version has predicted, by id, with what it said. */
export async function predictedTasks(
  db: Kysely<Database>,
  projectKey: string,
  versionId: string,
): Promise<(Task & { score: number; js: number })[]> {
  return await db
    .selectFrom('tasks')
    .innerJoin('predictions', (join) =>
      join.onRef('predictions.project_key', '=', 'tasks.project_key').onRef('predictions.task_id', '=', 'tasks.task_id'),
    )
    .selectAll('tasks')
    .select(['predictions.score', 'predictions.js'])
    .where('tasks.project_key', '=', projectKey)
    .where('predictions.version_id', '=', versionId)
    .orderBy('tasks.task_id')
    .execute();
}

/** Uncertainty and areas of all that a version predicted for the project's tasks. */
export async function predictionFigures(
  db: Kysely<Database>,
  projectKey: string,
  versionId: string,
): Promise<{ js: number; areas: readonly number[] | null }[]> {
  return await db
    .selectFrom('predictions')
    .select(['js', 'areas'])
    .where('project_key', '=', projectKey)
    .where('version_id', '=', versionId)
    .execute();
}

/** The predictions are in Label Studio now. */
export async function markPushed(
  db: Kysely<Database>,
  projectKey: string,
  versionId: string,
  taskIds: readonly number[],
): Promise<void> {
  for (const chunk of chunks(taskIds)) {
    await db
      .updateTable('predictions')
      .set({ pushed: true })
      .where('project_key', '=', projectKey)
      .where('version_id', '=', versionId)
      .where('task_id', 'in', [...chunk])
      .execute();
  }
}

export async function deletePredictions(db: Kysely<Database>, projectKey: string, versionId: string): Promise<void> {
  await db.deleteFrom('predictions').where('project_key', '=', projectKey).where('version_id', '=', versionId).execute();
}

/**
 * Tasks that have no prediction of the version in Label Studio, those with the oldest newest prediction first (never predicted
 * comes first of all), so that every task is reached however often a refresh starts over.
 */
export async function tasksToRefresh(
  db: Kysely<Database>,
  projectKey: string,
  versionId: string,
): Promise<(Task & { score: number | null })[]> {
  return await db
    .selectFrom('tasks')
    .leftJoin('predictions', (join) =>
      join.onRef('predictions.project_key', '=', 'tasks.project_key').onRef('predictions.task_id', '=', 'tasks.task_id'),
    )
    .selectAll('tasks')
    .select(sql<number | null>`(array_agg(predictions.score order by predictions.created_at desc))[1]`.as('score'))
    .where('tasks.project_key', '=', projectKey)
    .groupBy(['tasks.project_key', 'tasks.task_id'])
    .having((row) => sql<boolean>`not coalesce(bool_or(${row.ref('version_id')} = ${versionId} and ${row.ref('pushed')}), false)`)
    .orderBy(
      (row) => row.fn.max('predictions.created_at'),
      (order) => order.asc().nullsFirst(),
    )
    .orderBy('tasks.task_id')
    .execute();
}
