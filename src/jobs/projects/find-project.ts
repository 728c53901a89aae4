import type { Kysely } from 'kysely';
import { DatasetGanError } from '../../errors.ts';
import { findProjectsByLsId, requireProject } from '../../store/projects.ts';
import type { Database, Project } from '../../store/schema.ts';

/**
 * A project by Label Studio's number, or by `host|id` (or our full key) where several servers have that number.
 * @throws DatasetGanError `unknown-project`, `ambiguous-project`
 */
export async function findProject(db: Kysely<Database>, id: string): Promise<Project> {
  const [host, number, created] = id.includes('|') ? id.split('|') : [undefined, id];
  if (created !== undefined) return requireProject(db, id);
  const found = await findProjectsByLsId(db, Number(number), host);
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new DatasetGanError('unknown-project', `There is no project ${id}.`, {
      fix: 'Connect this backend to it in Label Studio: Settings → Model.',
    });
  throw new DatasetGanError('ambiguous-project', `Several projects have the number ${id}.`, {
    fix: `Use one of: ${found.map(({ key }) => key).join(', ')}.`,
  });
}

/**
 * The same, of a labelling project that is connected.
 * @throws DatasetGanError as findProject, `bad-request` for a project of another kind, `disconnected`
 */
export async function findConnected(db: Kysely<Database>, id: string): Promise<Project> {
  const project = await findProject(db, id);
  if (project.kind !== 'labelling')
    throw new DatasetGanError('bad-request', `Project ${id} is not a labelling project.`, {
      fix: 'Use the project in which people annotate.',
    });
  if (project.state !== 'disconnected') return project;
  throw new DatasetGanError('disconnected', `Project ${id} is no longer connected to this backend.`, {
    fix: 'Connect it again in Label Studio: Settings → Model.',
  });
}
