import { type Kysely, sql } from 'kysely';
import type { Database, ProjectVersion, ValidationState, Version } from './schema.ts';

/** A version, and when and on how much a project had it. */
export type OwnVersion = Version & ProjectVersion;

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

export interface VersionFilter {
  readonly validation?: ValidationState;
  readonly limit?: number;
  readonly offset?: number;
}

/** The project's versions, the last activated first, so the current one before all others. */
export async function versionsOfProject(
  db: Kysely<Database>,
  projectKey: string,
  { validation, limit, offset }: VersionFilter = {},
): Promise<OwnVersion[]> {
  let query = ownVersions(db, projectKey);
  if (validation !== undefined) query = query.where('validation', '=', validation);
  if (limit !== undefined) query = query.limit(limit);
  if (offset !== undefined) query = query.offset(offset);
  return await query.orderBy('activated_at', 'desc').orderBy('version_id').execute();
}

/** That version, if the project has it. */
export async function versionOfProject(
  db: Kysely<Database>,
  projectKey: string,
  versionId: string,
): Promise<OwnVersion | undefined> {
  return await ownVersions(db, projectKey).where('version_id', '=', versionId).executeTakeFirst();
}

export async function countVersions(db: Kysely<Database>, projectKey: string): Promise<number> {
  const count = sql<number>`count(*)`.as('count');
  const row = await db
    .selectFrom('project_versions')
    .select(count)
    .where('project_key', '=', projectKey)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** What a validated version was measured to be. Its record, which names every annotated image, stays in the database. */
export type MeasuredVersion = Pick<OwnVersion, 'id' | 'annotated' | 'labels' | 'validation_result'> & {
  /** Names of its keypoints; null for one of masks alone. */
  readonly keypoints: readonly string[] | null;
};

/**
 * Validated versions by number of annotated images, ascending, one for each number: the last activated that has a mean IoU, or the last activated of all
 * where none has.
 */
export async function measuredVersions(db: Kysely<Database>, projectKey: string): Promise<MeasuredVersion[]> {
  return await db
    .selectFrom('project_versions')
    .innerJoin('versions', 'versions.id', 'project_versions.version_id')
    .select(['id', 'annotated', 'labels', 'validation_result'])
    .select(sql<readonly string[] | null>`record->'keypoints'->'names'`.as('keypoints'))
    .distinctOn('annotated')
    .where('project_key', '=', projectKey)
    .where('validation', '=', 'done')
    .orderBy('annotated')
    .orderBy(sql`validation_result->>'mIoU' is null`)
    .orderBy('activated_at', 'desc')
    .orderBy('version_id')
    .execute();
}

/** Whether the project has, or had, that version. */
export async function isProjectVersion(db: Kysely<Database>, projectKey: string, version: string): Promise<boolean> {
  const rows = db.selectFrom('project_versions').select('version_id').where('project_key', '=', projectKey);
  return (await rows.where('version_id', '=', version).executeTakeFirst()) !== undefined;
}

function ownVersions(db: Kysely<Database>, projectKey: string) {
  return db
    .selectFrom('project_versions')
    .innerJoin('versions', 'versions.id', 'project_versions.version_id')
    .selectAll(['versions', 'project_versions'])
    .where('project_key', '=', projectKey);
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
