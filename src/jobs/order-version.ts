import type { Kysely } from 'kysely';
import { DatasetGanError } from '../errors.ts';
import { versionsOfProject } from '../store/project-versions.ts';
import type { Database, Project, Version } from '../store/schema.ts';
import { requireVersion } from '../store/versions.ts';

/** The version that an order is made with: the project's current one, or one of its own that was named. */
export async function orderVersion(db: Kysely<Database>, project: Project, wanted = 'newest'): Promise<Version> {
  if (wanted !== 'newest') {
    const versions = await versionsOfProject(db, project.key);
    const found = versions.find(({ id }) => id === wanted);
    if (found !== undefined) return found;
    throw new DatasetGanError('unknown-version', `Project '${project.title}' has no version ${wanted}.`, {
      fix:
        versions.length === 0 ? 'Annotate at least one task.' : `Its versions are: ${versions.map(({ id }) => id).join(', ')}.`,
    });
  }
  if (project.current_version !== null) return requireVersion(db, project.current_version);
  throw new DatasetGanError('no-version', `Project '${project.title}' has no trained version yet.`, {
    fix: 'Annotate at least one task and wait for the training.',
  });
}
