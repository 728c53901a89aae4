import type { Connection } from './connection.ts';

/** Sets the whole `data` or `meta` of a task; Label Studio merges nothing. Moves the task's `updated_at`. */
export function patchTask(
  connection: Connection,
  id: number,
  change: { readonly data?: Readonly<Record<string, unknown>>; readonly meta?: object },
  signal?: AbortSignal,
): Promise<void> {
  return connection.done({ method: 'PATCH', path: `/api/tasks/${id}/`, body: change, signal });
}
