import { type Kysely, sql } from 'kysely';
import { chunks } from './rows.ts';
import type { Database, NewPhotograph, PhotographRow } from './schema.ts';

/** Records which photograph each task shows, or why it cannot be read; a row that is there is overwritten. */
export async function recordPhotographs(db: Kysely<Database>, rows: readonly NewPhotograph[]): Promise<void> {
  for (const chunk of chunks(rows)) {
    await db
      .insertInto('photographs')
      .values([...chunk])
      .onConflict((conflict) =>
        conflict.columns(['project_key', 'task_id']).doUpdateSet((row) => ({
          address: row.ref('excluded.address'),
          sha256: row.ref('excluded.sha256'),
          width: row.ref('excluded.width'),
          height: row.ref('excluded.height'),
          problem: row.ref('excluded.problem'),
          seen_at: row.ref('excluded.seen_at'),
        })),
      )
      .execute();
  }
}

/** The project's photographs by task: all, or the first. */
export async function listPhotographs(db: Kysely<Database>, projectKey: string, limit?: number): Promise<PhotographRow[]> {
  const rows = db.selectFrom('photographs').selectAll().where('project_key', '=', projectKey).orderBy('task_id');
  return await (limit === undefined ? rows : rows.limit(limit)).execute();
}

/** Those of these tasks that are known. */
export async function photographsOfTasks(
  db: Kysely<Database>,
  projectKey: string,
  tasks: readonly number[],
): Promise<PhotographRow[]> {
  const found: PhotographRow[] = [];
  for (const chunk of chunks(tasks)) {
    const rows = db.selectFrom('photographs').selectAll().where('project_key', '=', projectKey);
    found.push(...(await rows.where('task_id', 'in', [...chunk]).execute()));
  }
  return found;
}

/** Forgets the tasks up to a number, but for some: the others are no more. */
export async function forgetPhotographs(
  db: Kysely<Database>,
  projectKey: string,
  { upTo, but }: { readonly upTo: number; readonly but: readonly number[] },
): Promise<void> {
  if (but.length === 0) return;
  const rows = db.deleteFrom('photographs').where('project_key', '=', projectKey).where('task_id', '<=', upTo);
  await rows.where('task_id', 'not in', [...but]).execute();
}

/** The project's tasks that show one of these photographs. */
export async function tasksOfPhotographs(
  db: Kysely<Database>,
  projectKey: string,
  photos: readonly string[],
): Promise<PhotographRow[]> {
  if (photos.length === 0) return [];
  const rows = db.selectFrom('photographs').selectAll().where('project_key', '=', projectKey);
  return await rows
    .where('sha256', 'in', [...photos])
    .orderBy('task_id')
    .execute();
}

/** The project's photographs that cannot be read, by task. */
export async function unreadPhotographs(db: Kysely<Database>, projectKey: string): Promise<PhotographRow[]> {
  const rows = db.selectFrom('photographs').selectAll().where('project_key', '=', projectKey);
  return await rows.where('problem', 'is not', null).orderBy('task_id').execute();
}

/** Number of the project's tasks whose photograph was read. */
export async function countPhotographs(db: Kysely<Database>, projectKey: string): Promise<number> {
  const rows = db.selectFrom('photographs').select(sql<number>`count(*)`.as('count')).where('project_key', '=', projectKey);
  return (await rows.where('problem', 'is', null).executeTakeFirstOrThrow()).count;
}
