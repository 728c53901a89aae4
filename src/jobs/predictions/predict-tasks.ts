import type { PredictResult } from '../../api/backend.ts';
import type { PredictRequest } from '../../label-studio/requests/predict-request.ts';
import { recordPredictions } from '../../store/predictions.ts';
import { getProject } from '../../store/projects.ts';
import type { Project } from '../../store/schema.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { configOf, projectOfUid } from '../projects/linked-project.ts';
import { mendVersion } from '../projects/mend-version.ts';
import { sourceOf } from '../sources/source-of.ts';
import { answerPrompt } from './answer-prompt.ts';
import { awaitSwap } from './await-swap.ts';
import { type PredictedTask, predictRegions } from './predict-regions.ts';
import { predictionRow } from './prediction-row.ts';

/**
 * Answers /predict: one entry per task, in order, from the project's current version. [] where there is none: no version yet, a task or
 * generator that is not ours, the deadline passed; Label Studio then asks again. The request carries no proof that it is Label Studio's: it makes no
 * task known. The prediction of a task that we know, of the picture that it shows, is recorded before it is answered, so that no refresh pushes it a
 * second time; of any other, the next refresh asks Label Studio. A single task waits for a version that is nearly trained (awaitSwap). A request with
 * a prompt is about one task and is answered by answerPrompt.
 */
export async function predictTasks(product: PredictionsContext, request: PredictRequest): Promise<PredictResult[]> {
  const project = request.project === null ? undefined : await projectOfUid(product, request.project);
  if (request.context !== null) return [await answerPrompt(product, project, request)];
  const results: PredictResult[] = [];
  // Somebody opens one task. Many at once are asked for in the Data Manager, where nobody waits for the newest version.
  if (project !== undefined && request.tasks.length === 1) await awaitSwap(product, project, request.deadline);
  for (const task of request.tasks)
    results.push(project === undefined ? [] : await predictOne(product, project.key, task, request.deadline));
  return results;
}

async function predictOne(
  product: PredictionsContext,
  projectKey: string,
  task: PredictRequest['tasks'][number],
  deadline: number,
): Promise<PredictResult> {
  const project = await getProject(product.store.db, projectKey);
  if (project === undefined || project.current_version === null || product.now() >= deadline) return [];
  const version = project.current_version;
  const timeout = AbortSignal.timeout(Math.max(1, deadline - product.now()));
  // One answer that fails would keep Label Studio from opening the task at all.
  try {
    const source = await sourceOf(product, project);
    const asked = await source.pictureAsked(task, timeout);
    if (asked === undefined) return [];
    const { picture, known } = asked;
    const config = configOf(project);
    const prediction = await predictRegions(
      product,
      { source, config, version, picture },
      { lane: 'interactive', priority: 'interactive', signal: timeout },
    );
    if (known && task.id !== null) await record(product, project, task.id, version, prediction);
    return { result: JSON.parse(prediction.resultJson) as object[], score: prediction.score, model_version: version };
  } catch (error) {
    product.log.warn({ err: error, project: projectKey, task: task.id }, 'predicting a task failed');
    await mendVersion(product, projectKey, error);
    return [];
  }
}

async function record(
  product: Pick<Product, 'store'>,
  { key }: Project,
  task: number,
  version: string,
  prediction: PredictedTask,
): Promise<void> {
  await recordPredictions(product.store.db, [
    { project_key: key, task_id: task, version_id: version, ...predictionRow(prediction), source: 'predict', pushed: true },
  ]);
}
