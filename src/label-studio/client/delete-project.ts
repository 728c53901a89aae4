import type { Connection } from './connection.ts';
import { orGone } from './or-gone.ts';
import { LONG } from './transport.ts';

/** With all its tasks. One that is gone already is fine. */
export function deleteProject(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'DELETE', path: `/api/projects/${id}/`, timeout: LONG, signal }));
}
