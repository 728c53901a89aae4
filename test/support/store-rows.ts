import type { Kysely } from 'kysely';
import { projectKey, requireProject, updateProject, upsertProject } from '../../src/store/projects.ts';
import type { Database, Project, ProjectChange } from '../../src/store/schema.ts';

/** A labelling project 7 in the store, and ways to change it and look at it again. */
export async function insertProject(db: Kysely<Database>, fields: { readonly title: string; readonly generator: string }) {
  const id = { host: 'http://localhost:8080', lsId: 7, createdAtUnix: 1_700_000_000 };
  const key = projectKey(id);
  await upsertProject(db, {
    key,
    host: id.host,
    ls_id: id.lsId,
    created_at_unix: id.createdAtUnix,
    kind: 'labelling',
    label_config: '<View/>',
    ...fields,
  });
  return {
    now: (): Promise<Project> => requireProject(db, key),
    change: (change: ProjectChange): Promise<Project> => updateProject(db, key, change),
  };
}
