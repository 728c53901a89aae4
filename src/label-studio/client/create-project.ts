import type { Connection } from './connection.ts';
import { PROJECT, PROJECT_FIELDS, type Project, type ProjectSettings } from './project.ts';

/** Not idempotent: titles need not be unique, so a repeated call makes a second project. */
export function createProject(
  connection: Connection,
  settings: ProjectSettings & { readonly title: string },
  signal?: AbortSignal,
): Promise<Project> {
  const query = { include: PROJECT_FIELDS };
  return connection.json(PROJECT, { method: 'POST', path: '/api/projects/', query, body: settings, signal });
}
