import { type Kysely, sql } from 'kysely';
import { DatasetGanError } from '../errors.ts';
import { json } from './rows.ts';
import type { Database, JobRow, JobState, JsonObject } from './schema.ts';

async function getJob(db: Kysely<Database>, id: string): Promise<JobRow | undefined> {
  if (!UUID.test(id)) return undefined;
  return await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @throws DatasetGanError `unknown-job` */
export async function requireJob(db: Kysely<Database>, id: string): Promise<JobRow> {
  const job = await getJob(db, id);
  if (job !== undefined) return job;
  throw new DatasetGanError('unknown-job', `There is no job ${id}.`, {
    fix: 'GET /api/projects/ID lists the jobs of a project.',
  });
}

export interface JobFilter {
  readonly projectKey?: string;
  readonly datasetId?: string;
  readonly kinds?: readonly string[] | undefined;
  readonly states?: readonly JobState[];
  readonly limit?: number;
}

/** Jobs that match all that is given, newest first. */
export async function listJobs(db: Kysely<Database>, filter: JobFilter): Promise<JobRow[]> {
  let query = db.selectFrom('jobs').selectAll();
  if (filter.projectKey !== undefined) query = query.where('project_key', '=', filter.projectKey);
  if (filter.datasetId !== undefined) query = query.where('dataset_id', '=', filter.datasetId);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', [...filter.kinds]);
  if (filter.states !== undefined) query = query.where('state', 'in', [...filter.states]);
  return await query
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(filter.limit ?? 100)
    .execute();
}

/** The newest jobs of each of those datasets, newest first. */
export async function latestJobsOf(
  db: Kysely<Database>,
  datasetIds: readonly string[],
  { kinds, each }: { readonly kinds: readonly string[]; readonly each: number },
): Promise<JobRow[]> {
  if (datasetIds.length === 0) return [];
  const ranked = db
    .selectFrom('jobs')
    .selectAll()
    .select(sql<number>`row_number() over (partition by dataset_id order by created_at desc, id)`.as('rank'))
    .where('dataset_id', 'in', [...datasetIds])
    .where('kind', 'in', [...kinds]);
  return await db.selectFrom(ranked.as('ranked')).selectAll().where('rank', '<=', each).orderBy('rank').execute();
}

/** The last job of that kind that was completed with these fields in its result. */
export async function lastJobWithResult(db: Kysely<Database>, kind: string, fields: JsonObject): Promise<JobRow | undefined> {
  return await db
    .selectFrom('jobs')
    .selectAll()
    .where('kind', '=', kind)
    .where('state', '=', 'completed')
    .where(sql<boolean>`result @> ${json(fields)}::jsonb`)
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
}

/** Number of jobs by kind and state. */
export async function countJobs(db: Kysely<Database>): Promise<{ kind: string; state: JobState; count: number }[]> {
  return await db
    .selectFrom('jobs')
    .select(['kind', 'state', sql<number>`count(*)`.as('count')])
    .groupBy(['kind', 'state'])
    .orderBy('kind')
    .orderBy('state')
    .execute();
}

/** Seconds that the oldest waiting job of each kind has waited, by the database's clock. */
export async function waitingSeconds(db: Kysely<Database>): Promise<{ kind: string; seconds: number }[]> {
  return await db
    .selectFrom('jobs')
    .select(['kind', sql<number>`extract(epoch from now() - min(created_at))::float8`.as('seconds')])
    .where('state', '=', 'queued')
    .groupBy('kind')
    .orderBy('kind')
    .execute();
}

/** Forgets ended jobs of the given kinds, for the housekeeping kinds that run all the time. */
export async function deleteEndedJobs(db: Kysely<Database>, kinds: readonly string[], before: Date): Promise<void> {
  await db
    .deleteFrom('jobs')
    .where('kind', 'in', [...kinds])
    .where('state', 'in', ['completed', 'failed', 'cancelled'])
    .where('finished_at', '<', before)
    .execute();
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
