import { listPredictions, patchScore } from '../client/predictions.ts';
import type { Connection } from '../connection/connection.ts';

/** Between the scores of two tasks, as a share of the lowest one. */
const STEP = 0.001;

/**
 * Gives the predictions that a version has of these tasks scores below `lowest`, the first task the lowest: uncertainty sampling then shows them in this
 * order. May be repeated. A task without such a prediction is left out.
 */
export async function lowerScores(
  connection: Connection,
  version: string,
  tasks: readonly number[],
  lowest: number,
  signal?: AbortSignal,
): Promise<void> {
  for (const [rank, task] of tasks.entries()) {
    const score = lowest * (1 - STEP * (tasks.length - rank));
    for (const { id, model_version: of } of await listPredictions(connection, task, signal))
      if (of === version) await patchScore(connection, id, score, signal);
  }
}
