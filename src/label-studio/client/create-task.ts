import type { Connection } from './connection.ts';
import { TASK, type Task } from './list-tasks.ts';

export function createTask(
  connection: Connection,
  project: number,
  task: { readonly data: Readonly<Record<string, unknown>>; readonly meta?: object },
  signal?: AbortSignal,
): Promise<Task> {
  return connection.json(TASK, { method: 'POST', path: '/api/tasks/', body: { project, ...task }, signal });
}
