import type { Kysely } from 'kysely';
import { JOB_KINDS } from '../../api/answers/job.ts';
import type { JobKind } from '../../api/answers.ts';
import { DatasetGanError } from '../../errors.ts';
import type { Database, JobRow } from '../../store/schema.ts';
import { KIND_RULES } from './job-kinds.ts';

/** Milliseconds that a suspect waits for other work at most: some is never done, such as that of a large order. */
const LONGEST_WAIT_MS = 600_000;
/** They come every minute, and are over in a moment. */
const HOUSEKEEPING: readonly JobKind[] = ['reconcile', 'orders', 'describe'];

/** Whether its process died so often while the job ran that it is taken for the cause. */
export function isGuilty(row: JobRow, kind: JobKind): boolean {
  return row.interruptions >= KIND_RULES[kind].interruptions;
}

/**
 * Whether the job must wait for other work: its process died while it ran as often as it may but once more, so the next time may end the process, too.
 * @param now milliseconds of the database's clock, as in the row
 */
export async function waitsForOthers(db: Kysely<Database>, row: JobRow, kind: JobKind, now: number): Promise<boolean> {
  if (row.interruptions < KIND_RULES[kind].interruptions - 1 || now - row.updated_at.getTime() > LONGEST_WAIT_MS) return false;
  const blamed = JOB_KINDS.map((other) => ({ other, most: KIND_RULES[other].interruptions - 1 }));
  const found = await db
    .selectFrom('jobs')
    .select('id')
    .where('id', '<>', row.id)
    .where('kind', 'not in', [...HOUSEKEEPING])
    .where((job) =>
      job.or([
        // Of several suspects one runs at a time.
        job('state', '=', 'running'),
        job.and([
          job('state', '=', 'queued'),
          job.or(blamed.map(({ other, most }) => job.and([job('kind', '=', other), job('interruptions', '<', most)]))),
        ]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

export function endedTheProcess({ interruptions }: JobRow): DatasetGanError {
  return new DatasetGanError('internal', `The server stopped ${interruptions} times while this job ran, so it is not retried.`, {
    fix: 'Check the log for the reason. Often it is memory: see MEMORY_LIMIT. Then start the job again.',
  });
}

/** Its error while it waits. */
export function suspected({ interruptions }: JobRow): DatasetGanError {
  return new DatasetGanError(
    'internal',
    `The server stopped ${interruptions} times while this job ran, so other jobs go first.`,
    {
      fix: 'The server retries it once. Check the log for the reason, often memory (MEMORY_LIMIT). Or cancel the job.',
    },
  );
}
