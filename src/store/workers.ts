import { type Kysely, sql } from 'kysely';
import type { Database, NewWorker, WorkerRow } from './schema.ts';

/** A worker that was not heard of for so long has died, or has lost the database. By the database's clock, since those of the machines differ. */
const LOST = sql<Date>`now() - interval '1 minute'`;

/** Says that a worker is there, and forgets those that are lost. */
export async function reportWorker(db: Kysely<Database>, worker: NewWorker): Promise<void> {
  await db
    .insertInto('workers')
    .values(worker)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: sql`now()` }))
    .execute();
  await db.deleteFrom('workers').where('seen_at', '<', LOST).execute();
}

export async function forgetWorker(db: Kysely<Database>, id: string): Promise<void> {
  await db.deleteFrom('workers').where('id', '=', id).execute();
}

/** Workers that are there, the first that came first. */
export async function listWorkers(db: Kysely<Database>): Promise<WorkerRow[]> {
  return await db.selectFrom('workers').selectAll().where('seen_at', '>=', LOST).orderBy('started_at').orderBy('id').execute();
}
