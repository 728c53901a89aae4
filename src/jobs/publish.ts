import { readFile } from 'node:fs/promises';
import type { DatasetGanError } from '../errors.ts';
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
import { pairImage } from '../synthesis/pair-image.ts';
import type { DatasetProvenance, PairRecord } from '../synthesis/provenance.ts';
import { imageFileName, imageUrl } from './image-delivery.ts';
import { connectionOf } from './linked-project.ts';
import type { Product } from './product.ts';
import type { JobContext } from './queue/delivery.ts';
import { readProvenance } from './synthesize.ts';
import { predictedRegionsTask } from './tasks/predicted-regions.ts';
import { imageFile, maskFile } from './tasks/write-pair.ts';

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
  const provenance = await readProvenance(dataset.folder);
  const total = provenance.pairs.length;
  const project = await datasetProject(product, connection, dataset, source, total, signal);
  let done = 0;
  try {
    await pushPairs(product, connection, dataset, provenance, project, signal, (pushed) => {
      done = pushed;
      context.progress(done, total);
    });
  } catch (error) {
    const cancelled = signal.aborted && (signal.reason as DatasetGanError).code === 'cancelled';
    // The project stays, and says what it is. If Label Studio does not answer, a later try will say it.
    if (cancelled)
      await patchProject(connection, project.id, { description: description(dataset, `${done} of ${total}, cancelled`) }).catch(
        () => undefined,
      );
    throw error;
  }
  await deleteDoubleTasks(connection, project.id, signal);
  const said = description(dataset, `complete, ${total} pairs`);
  await patchProject(connection, project.id, { description: said, model_version: provenance.plan.version }, signal);
  await updateDataset(db, dataset.id, { state: 'completed', finished_at: new Date(product.now()) });
  return { dataset: dataset.id, project: project.id, url: `/projects/${project.id}/data`, pairs: total };
}

/** Pushes the pairs that the project does not have yet. */
async function pushPairs(
  product: Product,
  connection: Connection,
  dataset: Dataset,
  { plan, pairs }: DatasetProvenance,
  project: LabelStudioProject,
  signal: AbortSignal,
  onPushed: (done: number) => void,
): Promise<void> {
  const config = parseLabelConfig(project.label_config);
  const card = (await product.generators.find(plan.generator)).card;
  const upload = product.settings.imageDelivery === 'upload';
  const identityOf = (pair: PairRecord): ImageIdentity => pairImage(plan, card, pair.seed);

  const tasks = await knownTasks(connection, project.id, signal);
  const uploads = upload ? await knownUploads(connection, project.id, signal) : new Map<string, string>();
  for (let start = 0; start < pairs.length; start += CHUNK) {
    const chunk = pairs.slice(start, start + CHUNK);
    if (upload) {
      const files = await Promise.all(
        chunk.map(
          async (pair): Promise<FileDraft> => ({
            name: imageFileName(identityOf(pair)),
            type: 'image/png',
            bytes: await readFile(imageFile(dataset.folder, pair.seed)),
          }),
        ),
      );
      await pushUploads(connection, project.id, files, uploads, { signal });
    }
    const drafts: OurTaskDraft[] = [];
    for (const pair of chunk) {
      const image = identityOf(pair);
      const regions = { config, version: plan.version, map: maskFile(dataset.folder, pair.seed), ...pictureSize(card) };
      const { resultJson } = await product.engine.run(predictedRegionsTask, regions, { lane: 'codec', signal });
      const address = upload ? uploads.get(imageFileName(image))! : imageUrl(product, image);
      drafts.push({
        data: { [config.imageKey]: address },
        meta: metaOf({ ...image, dataset: dataset.id, version: plan.version }),
        predictions: [{ modelVersion: plan.version, score: pair.score, resultJson }],
      });
    }
    await pushTasks(connection, project.id, drafts, tasks, { signal });
    onPushed(Math.min(start + CHUNK, pairs.length));
  }
}

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
        description: description(dataset, `0 of ${count}`),
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

export function description({ id }: Pick<Dataset, 'id'>, state: string): string {
  return `DatasetGAN dataset ${id}: ${state}`;
}
