import { type Kysely, sql, type Transaction } from 'kysely';
import { toError } from '../../errors.ts';
import type { ErrorRecord } from '../../store/records.ts';
import { json } from '../../store/rows.ts';
import type { Database, JobRow } from '../../store/schema.ts';
import type { Progress } from './progress.ts';

/** One delivery of a job: later ones have a greater `attempt`, and only the newest may write. */
export interface Delivery {
  readonly id: string;
  readonly attempt: number;
}

/** A job that is delivered while its row says that it runs: the process that ran it died without a word. */
export async function recordDeath(db: Kysely<Database>, id: string): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ state: 'queued', interruptions: sql`interruptions + 1`, rate: null, eta: null, phase: null, updated_at: sql`now()` })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}

/** A job that waits, and the time by the database's clock in milliseconds. */
export async function queuedJob(db: Kysely<Database>, id: string): Promise<{ row: JobRow; now: number } | undefined> {
  const found = await db
    .selectFrom('jobs')
    .selectAll()
    .select(sql<Date>`now()`.as('now'))
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { now, ...row } = found;
  return { row, now: now.getTime() };
}

/** Says why a waiting job waits. */
export async function recordWait(db: Kysely<Database>, id: string, reason: unknown): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ error: json(errorRecord(reason)) })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .execute();
}

/** Marks the job as running and gives its row; undefined when it has ended meanwhile and must not run. */
export async function beginJob(db: Kysely<Database>, id: string): Promise<JobRow | undefined> {
  return await db
    .updateTable('jobs')
    .set({
      state: 'running',
      attempt: sql`attempt + 1`,
      started_at: sql`coalesce(started_at, now())`,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .returningAll()
    .executeTakeFirst();
}

/** Holds the row until the transaction ends. False when this delivery is no longer the one that counts: then it must not write. */
export async function claimJob(trx: Transaction<Database>, delivery: Delivery): Promise<boolean> {
  const row = await trx
    .selectFrom('jobs')
    .select('id')
    .where('id', '=', delivery.id)
    .where('attempt', '=', delivery.attempt)
    .where('state', '=', 'running')
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

export type Outcome =
  | { readonly state: 'completed'; readonly result: unknown }
  | { readonly state: 'failed' | 'cancelled'; readonly error: unknown };

export async function endJob(db: Kysely<Database>, id: string, outcome: Outcome): Promise<void> {
  await db
    .updateTable('jobs')
    .set({
      state: outcome.state,
      error: outcome.state === 'completed' ? null : json(errorRecord(outcome.error)),
      result: outcome.state === 'completed' ? json(outcome.result) : null,
      eta: null,
      phase: null,
      finished_at: sql`now()`,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .execute();
}

/** Puts the job back to wait. `error`: the passing failure for which it has to; without one it was only interrupted. */
export async function requeueJob(db: Kysely<Database>, id: string, error?: unknown): Promise<void> {
  const failed = error === undefined ? {} : { error: json(errorRecord(error)), failures: sql<number>`failures + 1` };
  await db
    .updateTable('jobs')
    .set({ ...failed, state: 'queued', rate: null, eta: null, phase: null, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

/** A job that comes further than it ever did is not what the process dies of. */
export async function recordProgress(db: Kysely<Database>, { id, attempt }: Delivery, progress: Progress): Promise<void> {
  await db
    .updateTable('jobs')
    .set({
      ...progress,
      interruptions: sql`case when furthest < ${progress.done} then 0 else interruptions end`,
      furthest: sql`greatest(furthest, ${progress.done})`,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .execute();
}

/** A job of the same kind and key that was asked for later and waits: it makes this one needless. */
export async function newerWaiting(db: Kysely<Database>, job: JobRow): Promise<string | undefined> {
  const row = await db
    .selectFrom('jobs')
    .select('id')
    .where('kind', '=', job.kind)
    .where('singleton_key', '=', job.singleton_key)
    .where('state', '=', 'queued')
    .where('id', '<>', job.id)
    .where('created_at', '>', (row) => row.selectFrom('jobs as own').select('own.created_at').where('own.id', '=', job.id))
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  return row?.id;
}

function errorRecord(thrown: unknown): ErrorRecord {
  return toError(thrown).toBody().error;
}
