import { metaOf } from '../label-studio/annotations/task-meta.ts';
import type { Connection } from '../label-studio/client/connection.ts';
import { createProject } from '../label-studio/client/create-project.ts';
import { getProject } from '../label-studio/client/get-project.ts';
import { listProjects } from '../label-studio/client/list-projects.ts';
import { patchProject } from '../label-studio/client/patch-project.ts';
import { type Project as LabelStudioProject, projectUid } from '../label-studio/client/project.ts';
import type { FileDraft } from '../label-studio/client/upload-files.ts';
import { parseLabelConfig } from '../label-studio/label-config/parse-label-config.ts';
import { deleteDoubleTasks } from '../label-studio/push/delete-double-tasks.ts';
import { knownTasks, type OurTaskDraft, pushTasks } from '../label-studio/push/push-tasks.ts';
import { knownUploads, pushUploads } from '../label-studio/push/push-uploads.ts';
import { requireDataset, updateDataset } from '../store/datasets.ts';
import { projectKey, requireProject, upsertProject } from '../store/projects.ts';
import type { Dataset, JsonObject, Project } from '../store/schema.ts';
import type { ImageIdentity } from '../stylegan/image-identity.ts';
import { pictureSize } from '../stylegan/picture.ts';
import type { DatasetPlan } from '../synthesis/dataset-plan.ts';
import { pairImage } from '../synthesis/pair-image.ts';
import type { PairRecord } from '../synthesis/pair-record.ts';
import { description, stateInWords } from './describe-dataset.ts';
import { imageFileName, imageUrl } from './image-delivery.ts';
import { connectionOf } from './linked-project.ts';
import type { Product } from './product.ts';
import type { JobContext } from './queue/delivery.ts';
import { readPairs } from './read-pairs.ts';
import { predictedRegionsTask } from './tasks/predicted-regions.ts';

/** Pairs in one push. */
const CHUNK = 50;

/**
 * Brings a dataset into Label Studio: a new project with the same label config, the images, predictions with score, and provenance in `meta`.
 * Safe to repeat at any point: the project is found by the dataset's id in its description, and what is there is not pushed again.
 */
export async function publish(product: Product, context: JobContext<'publish'>): Promise<JsonObject> {
  const { db } = product.store;
  const { signal } = context;
  const dataset = await requireDataset(db, context.input.datasetId);
  const source = await requireProject(db, dataset.project_key);
  const connection = connectionOf(product, source.host);
  const total = dataset.delivered;
  const project = await datasetProject(product, connection, dataset, source, total, signal);
  await pushPairs(product, connection, dataset, project, signal, (done) => context.progress(done, total));
  await deleteDoubleTasks(connection, project.id, signal);
  const said = description(dataset, stateInWords('completed', total, total));
  await patchProject(connection, project.id, { description: said, model_version: planOf(dataset).version }, signal);
  return { dataset: dataset.id, project: project.id, url: `/projects/${project.id}/data`, pairs: total };
}

/** Pushes the pairs that the project does not have yet. */
async function pushPairs(
  product: Product,
  connection: Connection,
  dataset: Dataset,
  project: LabelStudioProject,
  signal: AbortSignal,
  onPushed: (done: number) => void,
): Promise<void> {
  const plan = planOf(dataset);
  const config = parseLabelConfig(project.label_config);
  const card = (await product.generators.find(plan.generator)).card;
  const upload = product.settings.imageDelivery === 'upload';
  const identityOf = (pair: PairRecord): ImageIdentity => pairImage(plan, card, pair.seed);

  const tasks = await knownTasks(connection, project.id, signal);
  const uploads = upload ? await knownUploads(connection, project.id, signal) : new Map<string, string>();
  let done = 0;
  for await (const chunk of chunksOf(readPairs(product, dataset, { signal }), CHUNK)) {
    if (upload) {
      const files = chunk.map(
        ({ record, image }): FileDraft => ({ name: imageFileName(identityOf(record)), type: 'image/png', bytes: image }),
      );
      await pushUploads(connection, project.id, files, uploads, { signal });
    }
    const drafts: OurTaskDraft[] = [];
    for (const { record, mask } of chunk) {
      const image = identityOf(record);
      const regions = { config, version: plan.version, map: mask, ...pictureSize(card) };
      const { resultJson } = await product.engine.run(predictedRegionsTask, regions, { lane: 'codec', signal });
      const address = upload ? uploads.get(imageFileName(image))! : imageUrl(product, image);
      drafts.push({
        data: { [config.imageKey]: address },
        meta: metaOf({ ...image, dataset: dataset.id, version: plan.version }),
        predictions: [{ modelVersion: plan.version, score: record.score, resultJson }],
      });
    }
    await pushTasks(connection, project.id, drafts, tasks, { signal });
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

const planOf = ({ plan }: Dataset) => plan as unknown as DatasetPlan;

/** The dataset's project: the one we made before, or a new one. */
async function datasetProject(
  product: Product,
  connection: Connection,
  dataset: Dataset,
  source: Project,
  count: number,
  signal: AbortSignal,
): Promise<LabelStudioProject> {
  if (dataset.ls_project_id !== null) return getProject(connection, dataset.ls_project_id, signal);
  const project =
    (await findByDescription(connection, dataset.id, signal)) ??
    (await createProject(
      connection,
      {
        title: dataset.title.slice(0, 50).padEnd(3),
        description: description(dataset, stateInWords('running', 0, count)),
        label_config: source.label_config,
        sampling: 'Uncertainty sampling',
        show_collab_predictions: true,
      },
      signal,
    ));
  const createdAtUnix = Number(projectUid(project).split('.')[1]);
  const key = projectKey({ host: connection.base, lsId: project.id, createdAtUnix });
  await upsertProject(product.store.db, {
    key,
    host: connection.base,
    ls_id: project.id,
    created_at_unix: createdAtUnix,
    title: project.title,
    kind: 'dataset',
    state: 'connected',
    label_config: project.label_config,
    generator: source.generator,
    source_project: source.key,
    dataset_id: dataset.id,
  });
  await updateDataset(product.store.db, dataset.id, { ls_project_id: project.id, ls_project_key: key });
  return project;
}

/** We may have been killed after Label Studio made the project and before we wrote its id down. */
async function findByDescription(
  connection: Connection,
  dataset: string,
  signal: AbortSignal,
): Promise<LabelStudioProject | undefined> {
  for await (const project of listProjects(connection, signal)) {
    if (project.description?.includes(dataset) === true) return project;
  }
  return undefined;
}
