import { type Kysely, sql } from 'kysely';
import type { Database, ProjectVersion, Version } from './schema.ts';

/**
 * Makes the version the project's current one, in one step: whoever reads sees the old one or the new one. The version before is
 * marked as superseded. Activating the current version again changes nothing but the number of annotated images.
 */
export async function activateVersion(
  db: Kysely<Database>,
  { projectKey, versionId, annotated }: { projectKey: string; versionId: string; annotated: number },
): Promise<void> {
  const swap = async (trx: Kysely<Database>) => {
    await trx
      .updateTable('project_versions')
      .set({ superseded_at: sql`now()` })
      .where('project_key', '=', projectKey)
      .where('version_id', '<>', versionId)
      .where('superseded_at', 'is', null)
      .execute();
    await trx
      .insertInto('project_versions')
      .values({ project_key: projectKey, version_id: versionId, annotated })
      .onConflict((conflict) =>
        conflict.columns(['project_key', 'version_id']).doUpdateSet({
          annotated,
          activated_at: sql`case when project_versions.superseded_at is null then project_versions.activated_at else now() end`,
          superseded_at: null,
          predictions_deleted: false,
        }),
      )
      .execute();
    await trx
      .updateTable('projects')
      .set({ current_version: versionId, updated_at: sql`now()` })
      .where('key', '=', projectKey)
      .execute();
  };
  await (db.isTransaction ? swap(db) : db.transaction().execute(swap));
}

/** The project's versions, the last activated first. */
export async function versionsOfProject(db: Kysely<Database>, projectKey: string): Promise<(Version & ProjectVersion)[]> {
  return await db
    .selectFrom('project_versions')
    .innerJoin('versions', 'versions.id', 'project_versions.version_id')
    .selectAll(['versions', 'project_versions'])
    .where('project_key', '=', projectKey)
    .orderBy('activated_at', 'desc')
    .orderBy('version_id')
    .execute();
}

/** Whether the project has, or had, that version. */
export async function isProjectVersion(db: Kysely<Database>, projectKey: string, version: string): Promise<boolean> {
  const rows = db.selectFrom('project_versions').select('version_id').where('project_key', '=', projectKey);
  return (await rows.where('version_id', '=', version).executeTakeFirst()) !== undefined;
}

/** Ids of the versions of all projects that are not gone, the last activated first. */
export async function listVersionIds(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom('project_versions')
    .innerJoin('projects', 'projects.key', 'project_versions.project_key')
    .select(['version_id', (row) => row.fn.max('activated_at').as('last')])
    .where('projects.state', '<>', 'gone')
    .groupBy('version_id')
    .orderBy('last', 'desc')
    .execute();
  return rows.map((row) => row.version_id);
}

/** Versions superseded before a moment whose predictions are still in Label Studio. */
export async function supersededBefore(db: Kysely<Database>, before: Date): Promise<ProjectVersion[]> {
  return await db
    .selectFrom('project_versions')
    .selectAll()
    .where('superseded_at', '<', before)
    .where('predictions_deleted', '=', false)
    .orderBy('superseded_at')
    .execute();
}

export async function markPredictionsDeleted(db: Kysely<Database>, projectKey: string, versionId: string): Promise<void> {
  await db
    .updateTable('project_versions')
    .set({ predictions_deleted: true })
    .where('project_key', '=', projectKey)
    .where('version_id', '=', versionId)
    .execute();
}
