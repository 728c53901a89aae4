import type { Kysely } from 'kysely';
import type { Database, Project } from './schema.ts';

/** Projects that hold a dataset made from that labelling project, oldest first; those that are gone left out. */
export async function datasetProjectsOf(db: Kysely<Database>, sourceKey: string): Promise<Project[]> {
  return await db
    .selectFrom('projects')
    .selectAll()
    .where('kind', '=', 'dataset')
    .where('state', '<>', 'gone')
    .where('key', 'in', (of) =>
      of
        .selectFrom('datasets')
        .select('ls_project_key')
        .where('project_key', '=', sourceKey)
        .where('ls_project_key', 'is not', null)
        .$castTo<{ ls_project_key: string }>(),
    )
    .orderBy('created_at')
    .orderBy('key')
    .execute();
}

/** Labelling projects whose datasets a project holds. */
export async function sourcesOf(db: Kysely<Database>, datasetProjectKey: string): Promise<Project[]> {
  return await db
    .selectFrom('projects')
    .selectAll()
    .where('key', 'in', (of) => of.selectFrom('datasets').select('project_key').where('ls_project_key', '=', datasetProjectKey))
    .orderBy('key')
    .execute();
}

/** Whether a dataset is being brought into that project, or waits to be. */
export async function isFilled(db: Kysely<Database>, datasetProjectKey: string): Promise<boolean> {
  const job = await db
    .selectFrom('jobs')
    .innerJoin('datasets', 'datasets.id', 'jobs.dataset_id')
    .select('jobs.id')
    .where('datasets.ls_project_key', '=', datasetProjectKey)
    .where('jobs.kind', '=', 'publish')
    .where('jobs.state', 'in', ['queued', 'running'])
    .limit(1)
    .executeTakeFirst();
  return job !== undefined;
}

/** Ids of the datasets of one labelling project that a project holds. */
export async function datasetIdsIn(db: Kysely<Database>, datasetProjectKey: string, sourceKey: string): Promise<string[]> {
  const rows = await db
    .selectFrom('datasets')
    .select('id')
    .where('ls_project_key', '=', datasetProjectKey)
    .where('project_key', '=', sourceKey)
    .execute();
  return rows.map(({ id }) => id);
}
