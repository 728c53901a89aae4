import { inOrder } from '../../in-order.ts';
import type { TaskPrediction } from '../../label-studio/client/predictions.ts';
import { notAnnotated, notPredictedBy } from '../../label-studio/client/task-query.ts';
import { listTasks } from '../../label-studio/client/tasks.ts';
import { deleteDoublePredictions } from '../../label-studio/push/delete-double-predictions.ts';
import { pushPredictions } from '../../label-studio/push/push-predictions.ts';
import { markPushed, pushedTasks, recordPredictions, tasksToRefresh } from '../../store/predictions.ts';
import { requireProject, updateProject } from '../../store/projects.ts';
import { chunks } from '../../store/rows.ts';
import type { JsonObject } from '../../store/schema.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import type { Picture } from '../product/picture.ts';
import type { Product } from '../product/product.ts';
import { type LinkedProject, linkProject } from '../projects/linked-project.ts';
import { mendVersion } from '../projects/mend-version.ts';
import { reviewConfig } from '../projects/review-config.ts';
import { showVersion } from '../projects/show-version.ts';
import type { JobContext } from '../queue/delivery.ts';
import type { PictureSource, SeenTask } from '../sources/picture-source.ts';
import { sourceOf } from '../sources/source-of.ts';
import { labelStreamOrder } from './label-stream-order.ts';
import { predictRegions } from './predict-regions.ts';
import { predictionRow } from './prediction-row.ts';
import { putNextFirst } from './put-next-first.ts';

/**
 * Predictions are pushed when one, two, four … and at last this many are ready, or after this long: those that somebody opens next are there at once,
 * and Label Studio is never far behind.
 */
const PUSH_COUNT = 20;
const PUSH_INTERVAL_MS = 5000;
/** Predictions that may be encoded while the next ones are made. */
const ENCODING = 2;
/** Looks at what is missing in Label Studio before a refresh is left to the next one. */
const ROUNDS = 3;

/**
 * Predicts every task without an annotation with the given version and pushes the predictions in bulk: those that the label stream shows next, then
 * those with the oldest prediction, so that every task is reached however slow the generator. Stops at the next image when a newer version is current.
 * At the end Label Studio is asked which are missing or there twice, and shows the version only when it has them all.
 */
export async function refresh(product: PredictionsContext, context: JobContext<'refresh'>): Promise<JsonObject> {
  try {
    return await refreshOnce(product, context);
  } catch (error) {
    await mendVersion(product, context.input.projectKey, error);
    throw error;
  }
}

async function refreshOnce(product: PredictionsContext, context: JobContext<'refresh'>): Promise<JsonObject> {
  const { projectKey, versionId } = context.input;
  const { signal } = context;
  const linked = await linkProject(product, projectKey, signal);
  const source = await sourceOf(product, linked.row);
  const { config } = await reviewConfig(product, linked);
  const { db } = product.store;
  const { connection, row } = linked;
  let pushed = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const open = await openTasks(product, linked, { source, version: versionId }, round, signal);
    if (open.length === 0) break;
    let batch: TaskPrediction[] = [];
    let enough = 1;
    let last = product.now();
    // Tasks that somebody opened since then: /predict has answered for them. In later rounds, what Label Studio lacks was lost.
    const answered = async (tasks: readonly number[]) =>
      round === 0 ? pushedTasks(db, projectKey, versionId, tasks) : new Set<number>();
    const push = async () => {
      const known = await answered(batch.map(({ task }) => task));
      batch = batch.filter(({ task }) => !known.has(task));
      pushed += await pushPredictions(connection, row.ls_id, batch, { signal });
      await markPushed(
        db,
        projectKey,
        versionId,
        batch.map(({ task }) => task),
      );
      batch = [];
      enough = Math.min(PUSH_COUNT, 2 * enough);
      last = product.now();
    };
    const pictures = withPictures(source, open, signal);
    const predicted = inOrder(pictures, product.engine.spreadWidth + ENCODING, signal, async ({ task, picture }, stop) => {
      if ((await answered([task])).size > 0) return { task };
      const what = { source, config, version: versionId, picture };
      return {
        task,
        prediction: await predictRegions(product, what, { lane: 'batch', priority: 'refresh', signal: stop, spread: true }),
      };
    });
    let done = 0;
    for await (const { task, prediction } of predicted) {
      if ((await requireProject(db, projectKey)).current_version !== versionId) return { pushed, superseded: true };
      context.progress(++done, open.length);
      if (prediction === undefined) continue;
      const { resultJson, score } = prediction;
      const of = { project_key: projectKey, task_id: task, version_id: versionId };
      await recordPredictions(db, [{ ...of, ...predictionRow(prediction), source: 'refresh' }]);
      batch.push({ task, modelVersion: versionId, score, resultJson });
      if (batch.length >= enough || product.now() - last > PUSH_INTERVAL_MS) await push();
    }
    await push();
  }
  await deleteDoublePredictions(connection, row.ls_id, versionId, signal);
  await putNextFirst(product, linked, source, versionId, signal);
  await updateProject(db, projectKey, { refreshed_version: versionId });
  const shown = await showVersion(product, projectKey, signal);
  await product.queues.enqueue('validate', { projectKey, versionId });
  return { pushed, shown };
}

interface OpenTask {
  readonly task: number;
  readonly picture: Picture;
}

/** Pictures that are looked for at a time. */
const PAGE = 20;

/** The tasks with their pictures; one whose picture cannot be read is left out. */
async function* withPictures(source: PictureSource, tasks: readonly SeenTask[], signal: AbortSignal): AsyncGenerator<OpenTask> {
  for (const page of chunks(tasks, PAGE)) {
    const { pictures } = await source.picturesOf(page, signal);
    for (const { id } of page) {
      const picture = pictures.get(id);
      if (picture !== undefined) yield { task: id, picture };
    }
  }
}

/** Tasks of ours without an annotation and without a stored prediction of the version, in the order of labelStreamOrder. */
async function openTasks(
  product: Pick<Product, 'store'>,
  { row, connection, found }: LinkedProject,
  { source, version }: { readonly source: PictureSource; readonly version: string },
  round: number,
  signal: AbortSignal,
): Promise<SeenTask[]> {
  const filters = [notAnnotated, notPredictedBy(version)];
  const tasks = await Array.fromAsync(listTasks(connection, row.ls_id, { fields: source.taskFields, filters, signal }));
  const missing = new Map((await source.claim(tasks)).map((task) => [task.id, task]));
  const known = await tasksToRefresh(product.store.db, row.key, version, [...missing.keys()]);
  const waiting = labelStreamOrder(known, found.sampling).map(({ task }) => task);
  // What /predict answered is stored by Label Studio a moment later. What it still lacks after a whole round was lost.
  const ids = new Set(waiting);
  const order = round === 0 ? waiting : [...waiting, ...[...missing.keys()].filter((task) => !ids.has(task))];
  return order.map((task) => missing.get(task)!);
}
