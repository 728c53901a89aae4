import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import type { JobKind } from '../../api/answers.ts';
import { DatasetGanError } from '../../errors.ts';
import { json } from '../../store/rows.ts';
import type { Database } from '../../store/schema.ts';
import { type JobInputs, KIND_RULES } from './job-kinds.ts';

export interface Turn {
  /** Earliest start: seconds from now, or a moment. */
  readonly startAfter?: number | Date;
  /** Greater goes first within the kind. */
  readonly priority?: number;
}

/** A requested job. */
export type Asked = Turn & { readonly [K in JobKind]: { readonly kind: K; readonly input: JobInputs[K] } }[JobKind];

/** Puts a job into the queue, if the transaction commits, and gives its id. A waiting job of a key of which the newest wins takes over the input. */
export async function enqueueWithin<K extends JobKind>(
  trx: Transaction<Database>,
  boss: PgBoss,
  kind: K,
  input: JobInputs[K],
  { startAfter = 0, priority }: Turn = {},
): Promise<string> {
  const { turn, key } = KIND_RULES[kind];
  const singletonKey = key(input);
  const common = { singletonKey, startAfter, db: fromKysely(trx), ...(priority === undefined ? {} : { priority }) };
  if (turn === 'newest') {
    const { id, inserted } = await upsert(() => boss.upsert(kind, null, common));
    if (inserted) await insertRow(trx, id, kind, input, singletonKey);
    else await replaceInput(trx, id, input);
    return id;
  }
  const id = randomUUID();
  await boss.send(kind, null, { ...common, id });
  await insertRow(trx, id, kind, input, singletonKey);
  return id;
}

/** Nothing is changed or inserted when the job that waited is taken by a worker in the very moment between the two; then once more. */
async function upsert(tryOnce: () => Promise<{ jobs: string[]; inserted: number }>): Promise<{ id: string; inserted: boolean }> {
  for (let tries = 0; tries < 5; tries++) {
    const { jobs, inserted } = await tryOnce();
    if (jobs[0] !== undefined) return { id: jobs[0], inserted: inserted > 0 };
  }
  throw new DatasetGanError('internal', 'Queueing the job failed.', { fix: 'Try again.' });
}

async function insertRow(trx: Transaction<Database>, id: string, kind: string, input: object, key: string): Promise<void> {
  const { projectKey, datasetId } = input as { projectKey?: string; datasetId?: string };
  await trx
    .insertInto('jobs')
    .values({
      id,
      kind,
      input: json(input),
      singleton_key: key,
      project_key: projectKey ?? null,
      dataset_id: datasetId ?? null,
    })
    .execute();
}

async function replaceInput(trx: Transaction<Database>, id: string, input: object): Promise<void> {
  await trx
    .updateTable('jobs')
    .set({ input: json(input), error: null, failures: 0, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}
