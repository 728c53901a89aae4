import type { TaskPrediction } from '../client/predictions.ts';
import { importPredictions } from '../client/predictions.ts';
import { notPredictedBy } from '../client/task-query.ts';
import { listTasks } from '../client/tasks.ts';
import type { Connection } from '../connection/connection.ts';
import { CHUNK_BYTES, chunks } from './chunks.ts';
import { pushAttempt } from './push-attempt.ts';

/** Ids in one address line, which servers and proxies cut at 4 to 8 kB. */
const ASKED_AT_ONCE = 200;
const SENT_AT_ONCE = 2000;

/** Which of these tasks exist and have no prediction of that version. */
async function tasksWithout(
  connection: Connection,
  project: number,
  version: string,
  tasks: readonly number[],
  signal?: AbortSignal,
): Promise<Set<number>> {
  const found = new Set<number>();
  for (const ids of chunks(tasks, () => 0, { bytes: 0, count: ASKED_AT_ONCE }))
    for await (const { id } of listTasks(connection, project, { filters: [notPredictedBy(version)], ids, signal })) found.add(id);
  return found;
}

/**
 * Pushes the predictions of one version that Label Studio does not have yet, asking before every chunk, so that it may be called again with the
 * same predictions after any failure; those of tasks that were deleted are left out. Answers how many were sent.
 * @throws DatasetGanError `label-studio-error` when Label Studio drops some
 */
export async function pushPredictions(
  connection: Connection,
  project: number,
  predictions: readonly TaskPrediction[],
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
): Promise<number> {
  const { signal, onProgress } = options;
  let done = 0;
  let sent = 0;
  for (const chunk of chunks(predictions, ({ resultJson }) => resultJson.length + 100, {
    bytes: CHUNK_BYTES,
    count: SENT_AT_ONCE,
  })) {
    await pushAttempt(
      connection,
      async () => {
        const lacking = new Map<string, Set<number>>();
        for (const version of new Set(chunk.map(({ modelVersion }) => modelVersion)))
          lacking.set(version, await tasksWithout(connection, project, version, tasksOf(chunk, version), signal));
        return chunk.filter(({ task, modelVersion }) => lacking.get(modelVersion)?.has(task) === true);
      },
      async (missing) => {
        await importPredictions(connection, project, missing, signal);
        sent += missing.length;
      },
      signal,
    );
    done += chunk.length;
    onProgress?.(done);
  }
  return sent;
}

function tasksOf(predictions: readonly TaskPrediction[], version: string): number[] {
  return predictions.filter(({ modelVersion }) => modelVersion === version).map(({ task }) => task);
}
