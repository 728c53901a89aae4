import { type Kysely, sql } from 'kysely';
import { chunks } from './rows.ts';
import type { Database, NewTask, Task } from './schema.ts';

/** Records which image each task shows; a task that is there is overwritten. */
export async function recordTasks(db: Kysely<Database>, tasks: readonly NewTask[]): Promise<void> {
  for (const chunk of chunks(tasks)) {
    await db
      .insertInto('tasks')
      .values([...chunk])
      .onConflict((conflict) =>
        conflict.columns(['project_key', 'task_id']).doUpdateSet((row) => ({
          generator_id: row.ref('excluded.generator_id'),
          seed: row.ref('excluded.seed'),
          class: row.ref('excluded.class'),
          psi: row.ref('excluded.psi'),
          cutoff: row.ref('excluded.cutoff'),
        })),
      )
      .execute();
  }
}

export async function getTask(db: Kysely<Database>, projectKey: string, taskId: number): Promise<Task | undefined> {
  const rows = db.selectFrom('tasks').selectAll().where('project_key', '=', projectKey);
  return await rows.where('task_id', '=', taskId).executeTakeFirst();
}

/** The project's tasks by id. */
export async function listTasks(db: Kysely<Database>, projectKey: string): Promise<Task[]> {
  return await db.selectFrom('tasks').selectAll().where('project_key', '=', projectKey).orderBy('task_id').execute();
}

/** The project's tasks that show one of these seeds, in whatever class and truncation, by id. */
export async function tasksOfSeeds(db: Kysely<Database>, projectKey: string, seeds: readonly number[]): Promise<Task[]> {
  if (seeds.length === 0) return [];
  const rows = db.selectFrom('tasks').selectAll().where('project_key', '=', projectKey);
  return await rows
    .where('seed', 'in', [...seeds])
    .orderBy('task_id')
    .execute();
}

/** Some of the project's tasks that show pictures of a generator, by id. */
export async function pageOfTasks(
  db: Kysely<Database>,
  page: { readonly projectKey: string; readonly generator: string; readonly offset: number; readonly limit: number },
): Promise<Task[]> {
  return await db
    .selectFrom('tasks')
    .selectAll()
    .where('project_key', '=', page.projectKey)
    .where('generator_id', '=', page.generator)
    .orderBy('task_id')
    .offset(page.offset)
    .limit(page.limit)
    .execute();
}

/** Number of the project's tasks; of those that show pictures of a generator, if one is given. */
export async function countTasks(db: Kysely<Database>, projectKey: string, generator?: string): Promise<number> {
  let query = db.selectFrom('tasks').select(sql<number>`count(*)`.as('count')).where('project_key', '=', projectKey);
  if (generator !== undefined) query = query.where('generator_id', '=', generator);
  return (await query.executeTakeFirstOrThrow()).count;
}

/**
 * Seeds that have a task in any labelling project of the generator, or were annotated in a dataset project (only those tasks have a row there),
 * ascending: a dataset must not contain them.
 */
export async function seedsInUse(db: Kysely<Database>, generatorId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('tasks')
    .innerJoin('projects', 'projects.key', 'tasks.project_key')
    .select('tasks.seed')
    .distinct()
    .where('projects.kind', 'in', ['labelling', 'dataset'])
    .where('tasks.generator_id', '=', generatorId)
    .orderBy('tasks.seed')
    .execute();
  return rows.map(({ seed }) => seed);
}
