import type { Kysely } from 'kysely';
import { DatasetGanError } from '../errors.ts';
import { json } from './rows.ts';
import type { Database, NewVersion, ValidationState, Version } from './schema.ts';

/** Keeps a version. The same id met again is the same version and is left as it is. */
export async function recordVersion(db: Kysely<Database>, version: NewVersion): Promise<Version> {
  await db
    .insertInto('versions')
    .values(version)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return await requireVersion(db, version.id);
}

export async function getVersion(db: Kysely<Database>, id: string): Promise<Version | undefined> {
  return await db.selectFrom('versions').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @throws DatasetGanError `unknown-version` */
export async function requireVersion(db: Kysely<Database>, id: string): Promise<Version> {
  const version = await getVersion(db, id);
  if (version !== undefined) return version;
  throw new DatasetGanError('unknown-version', `There is no version ${id}.`, {
    fix: 'GET /api/projects/ID lists the versions of a project.',
  });
}

/** Those of the versions that exist. */
export async function versionsOfIds(db: Kysely<Database>, ids: readonly string[]): Promise<Version[]> {
  if (ids.length === 0) return [];
  return await db
    .selectFrom('versions')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
}

/** Puts other weights, and the record of their training, in the place of those that were lost. */
export async function replaceWeights(
  db: Kysely<Database>,
  id: string,
  record: NewVersion['record'],
  weights: string,
): Promise<void> {
  await db.updateTable('versions').set({ record, weights_sha256: weights }).where('id', '=', id).execute();
}

/** Adds the result of the validation, the one thing about a version that comes later. */
export async function recordValidation(
  db: Kysely<Database>,
  id: string,
  validation: ValidationState,
  result: object | null,
): Promise<void> {
  await db
    .updateTable('versions')
    .set({ validation, validation_result: result === null ? null : json(result) })
    .where('id', '=', id)
    .execute();
}
