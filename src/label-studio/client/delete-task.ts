import type { Connection } from './connection.ts';
import { orGone } from './or-gone.ts';

/** With its annotations and predictions. */
export function deleteTask(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'DELETE', path: `/api/tasks/${id}/`, signal }));
}
