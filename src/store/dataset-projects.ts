import type { Kysely } from 'kysely';
import { getProject } from './projects.ts';
import type { Database, Project } from './schema.ts';

/**
 * Projects that hold datasets made from that labelling project, oldest first; those that are gone left out. One whose dataset was deleted here is
 * still among them: what people change there counts as before.
 */
export async function datasetProjectsOf(db: Kysely<Database>, sourceKey: string): Promise<Project[]> {
  return await db
    .selectFrom('projects')
    .selectAll()
    .where('kind', '=', 'dataset')
    .where('state', '<>', 'gone')
    .where((where) =>
      where.or([
        where('source_project', '=', sourceKey),
        where.exists(
          where
            .selectFrom('datasets')
            .select('datasets.id')
            .whereRef('datasets.ls_project_key', '=', 'projects.key')
            .where('datasets.project_key', '=', sourceKey),
        ),
      ]),
    )
    .orderBy('created_at')
    .orderBy('key')
    .execute();
}

/** Labelling projects whose datasets a project holds. */
export async function sourcesOf(db: Kysely<Database>, datasetProjectKey: string): Promise<Project[]> {
  const held = await db
    .selectFrom('datasets')
    .select('project_key')
    .distinct()
    .where('ls_project_key', '=', datasetProjectKey)
    .execute();
  const first = (await getProject(db, datasetProjectKey))?.source_project ?? null;
  const keys = new Set([...held.map(({ project_key: key }) => key), ...(first === null ? [] : [first])]);
  if (keys.size === 0) return [];
  return await db
    .selectFrom('projects')
    .selectAll()
    .where('key', 'in', [...keys])
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

/** Ids of the datasets in a project that were made from other labelling projects than that one. */
export async function foreignDatasets(db: Kysely<Database>, datasetProjectKey: string, sourceKey: string): Promise<string[]> {
  const rows = await db
    .selectFrom('datasets')
    .select('id')
    .where('ls_project_key', '=', datasetProjectKey)
    .where('project_key', '<>', sourceKey)
    .execute();
  return rows.map(({ id }) => id);
}
