import { type Kysely, sql } from 'kysely';
import { chunks } from './rows.ts';
import type { Database, NewPrediction } from './schema.ts';

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

/** What a version said of the project's tasks, by id. */
export async function predictedTasks(
  db: Kysely<Database>,
  projectKey: string,
  versionId: string,
): Promise<{ task_id: number; score: number; js: number }[]> {
  return await db
    .selectFrom('predictions')
    .select(['task_id', 'score', 'js'])
    .where('project_key', '=', projectKey)
    .where('version_id', '=', versionId)
    .orderBy('task_id')
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

/** A task that waits for a prediction. */
export interface WaitingTask {
  readonly task: number;
  /** Of the last prediction that it got; null where it has none. */
  readonly score: number | null;
}

/**
 * Those of the tasks that have no prediction of the version in Label Studio, as far as we know: those with the oldest newest prediction first (never
 * predicted comes first of all), so that every task is reached however often a refresh starts over.
 */
export async function tasksToRefresh(
  db: Kysely<Database>,
  projectKey: string,
  versionId: string,
  tasks: readonly number[],
): Promise<WaitingTask[]> {
  const rows = await db
    .selectFrom('predictions')
    .select(['task_id', (row) => row.fn.max('created_at').as('last')])
    .select(sql<number>`(array_agg(score order by created_at desc))[1]`.as('score'))
    .select(sql<boolean>`bool_or(version_id = ${versionId} and pushed)`.as('done'))
    .where('project_key', '=', projectKey)
    .groupBy('task_id')
    .execute();
  const known = new Map(rows.map(({ task_id: task, last, score, done }) => [task, { at: last.getTime(), score, done }]));
  const at = (task: number) => known.get(task)?.at ?? Number.NEGATIVE_INFINITY;
  return tasks
    .filter((task) => known.get(task)?.done !== true)
    .toSorted((a, b) => (at(a) === at(b) ? a - b : at(a) - at(b)))
    .map((task) => ({ task, score: known.get(task)?.score ?? null }));
}
