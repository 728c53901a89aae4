import type { Connection } from './connection.ts';
import { PROJECT, PROJECT_FIELDS, type Project, type ProjectSettings } from './project.ts';

/** Fires PROJECT_UPDATED at the project's webhooks, ours too. */
export function patchProject(
  connection: Connection,
  id: number,
  settings: ProjectSettings,
  signal?: AbortSignal,
): Promise<Project> {
  const query = { include: PROJECT_FIELDS };
  return connection.json(PROJECT, { method: 'PATCH', path: `/api/projects/${id}/`, query, body: settings, signal });
}
