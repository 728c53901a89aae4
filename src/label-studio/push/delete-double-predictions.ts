import { modelVersions } from '../client/model-versions.ts';
import { deletePrediction, listPredictions } from '../client/predictions.ts';
import { predictedBy } from '../client/task-query.ts';
import { countTasks, listTasks } from '../client/tasks.ts';
import type { Connection } from '../connection/connection.ts';

/** Label Studio cuts the list of a task's versions here, so that a longer one cannot be counted. */
const CUT = 480;

/**
 * Deletes the later rows where a task has several predictions of one version: a push that was repeated while Label Studio was still working on
 * the first, or a /predict answered during a push. Two small requests when there are none. Answers how many were deleted.
 */
export async function deleteDoublePredictions(
  connection: Connection,
  project: number,
  version: string,
  signal?: AbortSignal,
): Promise<number> {
  const { predictions } = await modelVersions(connection, project, signal);
  const rows = predictions.find((row) => row.version === version)?.count ?? 0;
  const tasks = await countTasks(connection, project, [predictedBy(version)], signal);
  let left = rows - tasks;
  let deleted = 0;
  const fields = ['total_predictions', 'predictions_model_versions'] as const;
  for await (const task of listTasks(connection, project, { fields, filters: [predictedBy(version)], signal })) {
    if (left <= 0) break;
    const versions = task.predictions_model_versions ?? '';
    const single = versions.length < CUT && (task.total_predictions ?? 0) <= versions.split(',').length;
    if (single) continue;
    const same = (await listPredictions(connection, task.id, signal)).filter((row) => row.model_version === version);
    // The first stays: an annotation is likelier to name it as the prediction it started from.
    for (const { id } of same.sort((a, b) => a.id - b.id).slice(1)) {
      await deletePrediction(connection, id, signal);
      deleted++;
      left--;
    }
  }
  return deleted;
}
