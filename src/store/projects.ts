import { type Kysely, sql, type Transaction } from 'kysely';
import { DatasetGanError } from '../errors.ts';
import type { ProjectProblem } from './records.ts';
import { json } from './rows.ts';
import type { Database, NewProject, Project, ProjectChange, ProjectKind } from './schema.ts';

/** The project's identity: an address and id may be given again after a Label Studio was set up again, the creation time is not. */
export function projectKey(uid: { host: string; lsId: number; createdAtUnix: number }): string {
  return `${uid.host}|${uid.lsId}|${uid.createdAtUnix}`;
}

/** What `projectKey` was made of, but for the creation time. */
export function ofProjectKey(key: string): { host: string; id: number } {
  const [host, lsId] = key.split('|') as [string, string];
  return { host, id: Number(lsId) };
}

/** Makes the project, or changes the given fields of the one that is there. */
export async function upsertProject(db: Kysely<Database>, project: NewProject): Promise<Project> {
  const { key: _, ...fields } = project;
  return await db
    .insertInto('projects')
    .values(project)
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ ...fields, updated_at: sql`now()` }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function getProject(db: Kysely<Database>, key: string): Promise<Project | undefined> {
  return await db.selectFrom('projects').selectAll().where('key', '=', key).executeTakeFirst();
}

/** @throws DatasetGanError `unknown-project` */
export async function requireProject(db: Kysely<Database>, key: string): Promise<Project> {
  const project = await getProject(db, key);
  if (project !== undefined) return project;
  throw new DatasetGanError('unknown-project', `There is no project ${key}.`, {
    fix: 'Connect this backend to it in Label Studio.',
  });
}

/** Those of the projects that exist. */
export async function projectsOfKeys(db: Kysely<Database>, keys: readonly string[]): Promise<Project[]> {
  if (keys.length === 0) return [];
  return await db
    .selectFrom('projects')
    .selectAll()
    .where('key', 'in', [...keys])
    .execute();
}

/** Label Studio's ids are 32-bit: another number is not a project, whatever the database would say to it. */
const LARGEST_ID = 2 ** 31 - 1;

/** Projects of that Label Studio id, on every host unless one is given; those that are gone do not count. */
export async function findProjectsByLsId(db: Kysely<Database>, lsId: number, host?: string): Promise<Project[]> {
  if (!Number.isInteger(lsId) || lsId < 1 || lsId > LARGEST_ID) return [];
  let query = db.selectFrom('projects').selectAll().where('ls_id', '=', lsId).where('state', '<>', 'gone');
  if (host !== undefined) query = query.where('host', '=', host);
  return await query.orderBy('key').execute();
}

/** All projects, oldest first, those that are gone too. */
export async function listProjects(db: Kysely<Database>, kind?: ProjectKind): Promise<Project[]> {
  let query = db.selectFrom('projects').selectAll();
  if (kind !== undefined) query = query.where('kind', '=', kind);
  return await query.orderBy('created_at').orderBy('key').execute();
}

/** @throws DatasetGanError `unknown-project` */
export async function updateProject(db: Kysely<Database>, key: string, change: ProjectChange): Promise<Project> {
  const changed = await db
    .updateTable('projects')
    .set({ ...change, updated_at: sql`now()` })
    .where('key', '=', key)
    .returningAll()
    .executeTakeFirst();
  return changed ?? (await requireProject(db, key));
}

/** The project, which nobody else changes until the transaction ends: of two requests at once, each sees what the other took. */
export async function lockProject(trx: Transaction<Database>, key: string): Promise<Project> {
  return await updateProject(trx, key, {});
}

/** The problem of the project, as users see it; null when there is none. */
export async function setProjectProblem(db: Kysely<Database>, key: string, problem: ProjectProblem | null): Promise<void> {
  await updateProject(db, key, { problem: problem === null ? null : json(problem) });
}
