import { type Kysely, sql } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import type { Database } from '../../store/schema.ts';
import { QUEUE_SCHEMA } from './boss.ts';

/**
 * After the process died: every job that the queue takes for running is put back, so that it starts again at once. Only right where no
 * other process can be running one, which the embedded database's folder lock guarantees.
 */
export async function recoverJobs(db: Kysely<Database>, boss: PgBoss): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from ${sql.table(`${QUEUE_SCHEMA}.job`)} where state = 'active'`.execute(trx);
    for (const { id, name } of rows) {
      await boss.fail(name, id, null, { db: fromKysely(trx) });
      await boss.update(name, undefined, { id, startAfter: 0, db: fromKysely(trx) });
    }
    await trx
      .updateTable('jobs')
      .set({ state: 'queued', interruptions: sql`interruptions + 1`, rate: null, eta: null, phase: null, updated_at: sql`now()` })
      .where('state', '=', 'running')
      .execute();
  });
}
