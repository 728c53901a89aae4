import { metaOf, taskIdentity } from '../../../label-studio/annotations/task-meta.ts';
import type { TaskPrediction } from '../../../label-studio/client/predictions.ts';
import { patchProject } from '../../../label-studio/client/projects.ts';
import { createView, listViewTitles, type ViewDraft } from '../../../label-studio/client/tabs.ts';
import { deleteDoubleTasks } from '../../../label-studio/push/delete-double-tasks.ts';
import { pushPredictions } from '../../../label-studio/push/push-predictions.ts';
import { knownTasks, type OurTaskDraft, pushTasks } from '../../../label-studio/push/push-tasks.ts';
import { tasksWithoutPrediction } from '../../../label-studio/push/tasks-without-prediction.ts';
import { requireDataset } from '../../../store/datasets.ts';
import type { Dataset, JsonObject } from '../../../store/schema.ts';
import { pictureSize } from '../../../stylegan/picture.ts';
import { pairImage } from '../../../synthesis/pair-image.ts';
import { predictedRegionsTask } from '../../engine-tasks/predicted-regions.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import { openDelivery } from '../../projects/image-delivery.ts';
import type { JobContext } from '../../queue/delivery.ts';
import { optionsOf } from '../record/options-of.ts';
import { planOf } from '../record/stored-plan.ts';
import { readPairs, type StoredPair } from '../shards/read-pairs.ts';
import { type DatasetProject, datasetProject } from './dataset-project.ts';
import { descriptionWithPage, stateInWords } from './describe-dataset.ts';

/** Pairs in one push. */
const CHUNK = 50;

/**
 * The tab that a dataset's project opens with. The label stream goes by the score too, where we made the project. The picture comes after all other
 * columns: with more of them it would be beyond the right edge.
 */
const LEAST_CERTAIN_FIRST: ViewDraft = {
  title: 'Least certain first',
  order: 'predictions_score',
  shown: ['id', 'total_annotations', 'predictions_score'],
};

/**
 * Brings a dataset into Label Studio, into a new project or a named one: the images, predictions with score (and, if asked, annotations), and
 * provenance in `meta`. Safe to repeat at any point: Label Studio is asked what it has, and that is not pushed again.
 */
export async function publish(product: DatasetsContext, context: JobContext<'publish'>): Promise<JsonObject> {
  const { db } = product.store;
  const { signal } = context;
  const dataset = await requireDataset(db, context.input.datasetId);
  const total = dataset.delivered;
  const project = await datasetProject(product, dataset, signal);
  const { connection, row } = project;
  if (!(await listViewTitles(connection, row.ls_id, signal)).includes(LEAST_CERTAIN_FIRST.title))
    await createView(connection, row.ls_id, LEAST_CERTAIN_FIRST, signal);
  await pushPairs(product, dataset, project, signal, (done) => context.progress(done, total));
  await deleteDoubleTasks(connection, row.ls_id, signal);
  if (project.own) {
    const said = await descriptionWithPage(product, dataset, stateInWords('completed', total, total));
    // Label Studio refuses a version of which it has no predictions.
    const shown = total === 0 ? {} : { model_version: planOf(dataset).version };
    await patchProject(connection, row.ls_id, { description: said, ...shown }, signal);
  }
  // It sees to the webhook, through which we hear of what people change there.
  await product.queues.enqueue('reconcile', { projectKey: row.key });
  return { dataset: dataset.id, project: row.ls_id, url: `${row.host}/projects/${row.ls_id}/data`, pairs: total };
}

/** Pushes the pairs that the project does not have yet. */
async function pushPairs(
  product: DatasetsContext,
  dataset: Dataset,
  { connection, row, config }: DatasetProject,
  signal: AbortSignal,
  onPushed: (done: number) => void,
): Promise<void> {
  const plan = planOf(dataset);
  const { card } = await product.generators.find(plan.generator);
  const asAnnotations = optionsOf(dataset).push === 'annotations';
  const delivery = await openDelivery(product, connection, row.ls_id, dataset.id, signal);
  const tasks = await knownTasks(connection, row.ls_id, signal);
  // An import that Label Studio did not finish leaves tasks without their predictions.
  const bare =
    tasks.size === 0 ? new Set<number>() : await tasksWithoutPrediction(connection, row.ls_id, plan.version, 'all', signal);
  const metaFor = ({ record }: StoredPair) => ({
    ...pairImage(plan, card, record.seed),
    dataset: dataset.id,
    version: plan.version,
  });

  const regionsOf = async (pair: StoredPair) => {
    const { keypoints = [] } = pair.record;
    const input = { config, version: plan.version, map: pair.mask, keypoints, ...pictureSize(card) };
    return (await product.engine.run(predictedRegionsTask, input, { lane: 'codec', signal })).resultJson;
  };

  let done = 0;
  for await (const chunk of chunksOf(readPairs(product, dataset, { signal }), CHUNK)) {
    const missing = chunk.filter((pair) => !tasks.has(taskIdentity(metaFor(pair))));
    const pictures = missing.map(({ record, image: png }) => {
      const image = pairImage(plan, card, record.seed);
      return { image, ...(delivery.needs(image) ? { png } : {}) };
    });
    const addresses = await delivery.deliver(pictures);
    const drafts: OurTaskDraft[] = [];
    for (const [i, pair] of missing.entries()) {
      const resultJson = await regionsOf(pair);
      drafts.push({
        data: { [config.imageKey]: addresses[i]! },
        meta: metaOf(metaFor(pair)),
        predictions: [{ modelVersion: plan.version, score: pair.record.score, resultJson }],
        ...(asAnnotations ? { annotations: [{ resultJson }] } : {}),
      });
    }
    const unfinished: TaskPrediction[] = [];
    for (const pair of chunk) {
      const task = tasks.get(taskIdentity(metaFor(pair)));
      if (task === undefined || !bare.has(task)) continue;
      unfinished.push({ task, modelVersion: plan.version, score: pair.record.score, resultJson: await regionsOf(pair) });
    }
    await pushPredictions(connection, row.ls_id, unfinished, { signal });
    await pushTasks(connection, row.ls_id, drafts, tasks, { signal });
    done += chunk.length;
    onPushed(done);
  }
}

async function* chunksOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    if (chunk.push(item) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
