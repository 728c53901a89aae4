import { notPredictedBy } from '../client/task-query.ts';
import { listTasks } from '../client/tasks.ts';
import type { Connection } from '../connection/connection.ts';
import { chunks } from './chunks.ts';

/** Ids in one address line, which servers and proxies cut at 4 to 8 kB. */
const ASKED_AT_ONCE = 200;

/** Which of these tasks exist and have no prediction of that version. */
export async function tasksWithoutPrediction(
  connection: Connection,
  project: number,
  version: string,
  tasks: readonly number[] | 'all',
  signal?: AbortSignal,
): Promise<Set<number>> {
  const found = new Set<number>();
  const groups = tasks === 'all' ? [undefined] : chunks(tasks, () => 0, { bytes: 0, count: ASKED_AT_ONCE });
  for (const ids of groups)
    for await (const { id } of listTasks(connection, project, { filters: [notPredictedBy(version)], ids, signal })) found.add(id);
  return found;
}
