import type { Connection } from './connection.ts';
import { PROJECT, PROJECT_FIELDS, type Project } from './project.ts';

/** @throws DatasetGanError `label-studio-gone` */
export function getProject(connection: Connection, id: number, signal?: AbortSignal): Promise<Project> {
  return connection.json(PROJECT, { method: 'GET', path: `/api/projects/${id}/`, query: { include: PROJECT_FIELDS }, signal });
}
