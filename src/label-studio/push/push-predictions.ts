import type { TaskPrediction } from '../client/predictions.ts';
import { importPredictions } from '../client/predictions.ts';
import type { Connection } from '../connection/connection.ts';
import { CHUNK_BYTES, chunks } from './chunks.ts';
import { pushAttempt } from './push-attempt.ts';
import { tasksWithoutPrediction } from './tasks-without-prediction.ts';

const SENT_AT_ONCE = 2000;

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
          lacking.set(version, await tasksWithoutPrediction(connection, project, version, tasksOf(chunk, version), signal));
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
