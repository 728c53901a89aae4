import { parseTaskMeta, taskIdentity } from '../annotations/task-meta.ts';
import { deleteTask, listTasks, type Task } from '../client/tasks.ts';
import type { Connection } from '../connection/connection.ts';

/**
 * Where two tasks are the same picture of the same dataset, deletes all but one: those with human work (annotations, skips) stay in any case,
 * else the first stays. Answers how many were deleted.
 */
export async function deleteDoubleTasks(connection: Connection, project: number, signal?: AbortSignal): Promise<number> {
  const byIdentity = new Map<string, Task[]>();
  const fields = ['meta', 'total_annotations', 'cancelled_annotations'] as const;
  for await (const task of listTasks(connection, project, { fields, signal })) {
    const ours = parseTaskMeta(task.meta);
    if (ours === null) continue;
    const identity = taskIdentity(ours);
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), task]);
  }
  let deleted = 0;
  for (const tasks of byIdentity.values()) {
    const worked = tasks.filter((task) => (task.total_annotations ?? 0) + (task.cancelled_annotations ?? 0) > 0);
    const kept = worked.length > 0 ? worked : tasks.slice(0, 1);
    for (const task of tasks) {
      if (kept.includes(task)) continue;
      await deleteTask(connection, task.id, signal);
      deleted++;
    }
  }
  return deleted;
}
