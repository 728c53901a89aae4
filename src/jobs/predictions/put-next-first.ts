import { chooseNextTask } from '../../interpreter/inference/choose-next.ts';
import { notAnnotated } from '../../label-studio/client/task-query.ts';
import { listTasks } from '../../label-studio/client/tasks.ts';
import { lowerScores } from '../../label-studio/push/lower-scores.ts';
import { predictedTasks } from '../../store/predictions.ts';
import { requireVersion } from '../../store/versions.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import { recordOf } from '../product/version-record.ts';
import type { LinkedProject } from '../projects/linked-project.ts';
import { imageOfTask } from '../projects/task-picture.ts';
import { SHOWN_NEXT } from './label-stream-order.ts';

/**
 * With `{"sampling": "next"}`: puts the tasks that are worth annotating most (nextPictures) first in the label stream. Label Studio's stream goes by the score
 * of the predictions alone, so those of the chosen tasks get scores just below the lowest of all.
 */
export async function putNextFirst(
  product: PredictionsContext,
  { row, connection }: LinkedProject,
  generator: Generator,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  if (row.extra.sampling !== 'next') return;
  const { db } = product.store;
  const open = new Set<number>();
  for await (const { id } of listTasks(connection, row.ls_id, { filters: [notAnnotated], signal })) open.add(id);
  const tasks = (await predictedTasks(db, row.key, version)).filter(({ task_id: task }) => open.has(task));
  if (tasks.length === 0) return;
  const { images } = recordOf(await requireVersion(db, version));
  const chosen = await product.engine.run(
    chooseNextTask,
    {
      generator,
      candidates: tasks.map(imageOfTask),
      uncertainty: tasks.map(({ js }) => js),
      annotated: images.map(({ image }) => image),
      count: SHOWN_NEXT,
    },
    { lane: 'batch', priority: PRIORITY.refresh, memory: synthesisMemory(generator.card), signal },
  );
  const lowest = Math.min(...tasks.map(({ score }) => score));
  const first = chosen.map((index) => tasks[index]!.task_id);
  await lowerScores(connection, version, first, lowest, signal);
}
