import { notAnnotated } from '../../label-studio/client/task-query.ts';
import { listTasks } from '../../label-studio/client/tasks.ts';
import { lowerScores } from '../../label-studio/push/lower-scores.ts';
import { predictedTasks } from '../../store/predictions.ts';
import { requireVersion } from '../../store/versions.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import { trainingOf } from '../product/version-record.ts';
import type { LinkedProject } from '../projects/linked-project.ts';
import type { PictureSource } from '../sources/picture-source.ts';
import { SHOWN_NEXT } from './label-stream-order.ts';

/**
 * With `{"sampling": "next"}`: puts the tasks that are worth annotating most (nextPictures) first in the label stream. Label Studio's stream goes by the score
 * of the predictions alone, so those of the chosen tasks get scores just below the lowest of all.
 */
export async function putNextFirst(
  product: PredictionsContext,
  { row, connection }: LinkedProject,
  source: PictureSource,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  if (row.extra.sampling !== 'next') return;
  const { db } = product.store;
  const open = new Set<number>();
  for await (const { id } of listTasks(connection, row.ls_id, { filters: [notAnnotated], signal })) open.add(id);
  const shown = await source.knownPictures();
  const tasks = (await predictedTasks(db, row.key, version)).flatMap((task) => {
    const picture = shown.get(task.task_id);
    return picture !== undefined && open.has(task.task_id) ? [{ ...task, picture }] : [];
  });
  if (tasks.length === 0) return;
  const { images: annotated } = trainingOf(await requireVersion(db, version));
  const uncertainty = tasks.map(({ js }) => js);
  const next = { candidates: tasks.map(({ picture }) => picture), uncertainty, annotated, count: SHOWN_NEXT };
  const chosen = await source.chooseNext(next, signal);
  const lowest = Math.min(...tasks.map(({ score }) => score));
  const first = chosen.map((index) => tasks[index]!.task_id);
  await lowerScores(connection, version, first, lowest, signal);
}
