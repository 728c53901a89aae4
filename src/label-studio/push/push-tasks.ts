import { parseTaskMeta, type TaskMeta, taskIdentity } from '../annotations/task-meta.ts';
import { importTasks, listTasks, type TaskDraft } from '../client/tasks.ts';
import type { Connection } from '../connection/connection.ts';
import { CHUNK_BYTES, chunks } from './chunks.ts';
import { pushAttempt } from './push-attempt.ts';

/** Task ids by identity, for one project. */
export type TaskIds = Map<string, number>;

/** A task of ours; `meta` is made by metaOf. */
export interface OurTaskDraft extends TaskDraft {
  readonly meta: { readonly datasetgan: TaskMeta };
}

/** Our tasks that are there already. Read it once before the first push of a job. */
export async function knownTasks(connection: Connection, project: number, signal?: AbortSignal): Promise<TaskIds> {
  const ids: TaskIds = new Map();
  for await (const { id, meta } of listTasks(connection, project, { fields: ['meta'], signal })) {
    const ours = parseTaskMeta(meta);
    if (ours === null) continue;
    const identity = taskIdentity(ours);
    if (!ids.has(identity)) ids.set(identity, id);
  }
  return ids;
}

/** Makes those tasks whose identity `known` lacks, adds them to it, and answers the id of each task in order. */
export async function pushTasks(
  connection: Connection,
  project: number,
  tasks: readonly OurTaskDraft[],
  known: TaskIds,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
): Promise<number[]> {
  const { signal, onProgress } = options;
  const identityOf = (task: OurTaskDraft) => taskIdentity(task.meta.datasetgan);
  const sizeOf = ({ predictions = [], annotations = [] }: OurTaskDraft) =>
    [...predictions, ...annotations].reduce((sum, { resultJson }) => sum + resultJson.length, 500);
  let done = 0;
  for (const chunk of chunks(tasks, sizeOf, { bytes: CHUNK_BYTES, count: 1000 })) {
    let unsure = false;
    await pushAttempt(
      connection,
      async () => {
        if (unsure) for (const [identity, id] of await knownTasks(connection, project, signal)) known.set(identity, id);
        const missing = new Map(chunk.filter((task) => !known.has(identityOf(task))).map((task) => [identityOf(task), task]));
        return [...missing.values()];
      },
      async (missing) => {
        unsure = true;
        const ids = await importTasks(connection, project, missing, signal);
        missing.forEach((task, index) => {
          known.set(identityOf(task), ids[index] ?? 0);
        });
      },
      signal,
    );
    done += chunk.length;
    onProgress?.(done);
  }
  return tasks.map((task) => known.get(identityOf(task)) ?? 0);
}
