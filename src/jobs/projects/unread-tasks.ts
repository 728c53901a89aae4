import type { Kysely } from 'kysely';
import { inOneLine } from '../../errors.ts';
import { unreadPhotographs } from '../../store/photographs.ts';
import type { Database, Project } from '../../store/schema.ts';
import { hasPhotographs } from './photo-settings.ts';

/** Tasks of a project of photographs whose picture cannot be read, one line each with the reason. */
export async function unreadTasks(db: Kysely<Database>, project: Project): Promise<string[]> {
  if (!hasPhotographs(project)) return [];
  const rows = await unreadPhotographs(db, project.key);
  return rows.map(({ task_id: task, problem }) => `task ${task}: ${inOneLine(problem!)}`);
}
