import { type Kysely, sql } from 'kysely';
import type { ErrorRecord } from './records.ts';
import type { Database, JobState } from './schema.ts';

/** A job that makes a shard. */
export interface ShardJob {
  readonly index: number;
  readonly state: JobState;
  /** Pairs made so far. */
  readonly done: number;
  readonly error: ErrorRecord | null;
}

/** The dataset's jobs for shards of that plan that wait, run, or have failed. */
export async function shardJobs(db: Kysely<Database>, datasetId: string, planId: string): Promise<ShardJob[]> {
  return await db
    .selectFrom('jobs')
    .select([sql<number>`(input ->> 'index')::integer`.as('index'), 'state', 'done', 'error'])
    .where('dataset_id', '=', datasetId)
    .where('kind', '=', 'shard')
    .where('state', 'in', ['queued', 'running', 'failed'])
    .where(sql<boolean>`input ->> 'planId' = ${planId}`)
    .execute();
}

/** Forgets that shards of the dataset have failed, so that they are tried again. */
export async function dropFailedShardJobs(db: Kysely<Database>, datasetId: string): Promise<void> {
  await db
    .deleteFrom('jobs')
    .where('dataset_id', '=', datasetId)
    .where('kind', '=', 'shard')
    .where('state', '=', 'failed')
    .execute();
}
