import type { Job, JobKind, ProjectDetail } from '../api/answers.ts';
import type { ArchiveOptions, Backend, ImageOptions, Load } from '../api/backend.ts';
import type { DatasetOrder, ImportOptions, SeedOrder } from '../api/requests.ts';
import { PRIORITY } from '../engine/engine.ts';
import { DatasetGanError, toError } from '../errors.ts';
import type { PredictRequest } from '../label-studio/requests/predict-request.ts';
import type { SetupRequest } from '../label-studio/requests/setup-request.ts';
import type { WebhookEvent } from '../label-studio/requests/webhook-event.ts';
import { getDataset, listDatasets, requireDataset } from '../store/datasets.ts';
import { countJobs, listJobs, requireJob } from '../store/jobs.ts';
import { listVersionIds, versionsOfProject } from '../store/project-versions.ts';
import { findProjectsByLsId, listProjects, requireProject } from '../store/projects.ts';
import type { Project } from '../store/schema.ts';
import { listTasks } from '../store/tasks.ts';
import type { Generator } from '../stylegan/generator.ts';
import type { ImageIdentity } from '../stylegan/image-identity.ts';
import { truthTask } from '../stylegan/portraits/truth.ts';
import { synthesisMemory } from '../stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../stylegan/synthesize-image.ts';
import { backupState } from './backup-state.ts';
import { datasetArchive } from './datasets/files/dataset-archive.ts';
import { extendDataset, removeDataset, resumeDataset, stopDataset } from './datasets/plan/dataset-control.ts';
import { orderDataset } from './datasets/plan/order-dataset.ts';
import { wholeJob } from './datasets/plan/order-job.ts';
import { checkLinkKey } from './datasets/record/dataset-link.ts';
import { cardView, datasetView, projectView, versionView } from './datasets/record/dataset-view.ts';
import { datasetReport } from './datasets/report/dataset-report.ts';
import { encodeLabelMapTask, encodePictureTask } from './engine-tasks/encode-png.ts';
import { type GeneratorPlace, removeGenerator, renameGenerator } from './generators/generator-folders.ts';
import { ensureOrdersProject } from './orders/orders-project.ts';
import { predictImage } from './predictions/predict-image.ts';
import { predictTasks } from './predictions/predict-tasks.ts';
import type { Product } from './product/product.ts';
import { localVersion } from './product/version-file.ts';
import { configOf, connectionOf, generatorOf, imageOf } from './projects/linked-project.ts';
import { seedMore } from './projects/reserve-seeds.ts';
import { setup } from './projects/setup.ts';
import { swapVersion } from './projects/show-version.ts';
import { webhookEvent } from './projects/webhook-events.ts';

/** Housekeeping (reconcile, orders) runs all the time and would hide these. */
const SHOWN_KINDS: readonly JobKind[] = ['seed', 'train', 'refresh', 'validate', 'synthesize', 'publish', 'export'];

/** The product as the server sees it: each call is a record, a job, or one small computation in the interactive lane. */
export class ProductBackend implements Backend {
  readonly #product: Product;

  constructor(product: Product) {
    this.#product = product;
  }

  setup(request: SetupRequest) {
    return setup(this.#product, request);
  }

  predict(request: PredictRequest) {
    return predictTasks(this.#product, request);
  }

  async webhook(event: WebhookEvent, secret?: string) {
    if (secret !== undefined && secret !== this.#product.webhookSecret) return { known: false };
    return webhookEvent(this.#product, event, secret !== undefined);
  }

  callbackHosts() {
    return [...this.#product.callbackHosts];
  }

  versions() {
    return listVersionIds(this.#product.store.db);
  }

  async generators() {
    const { generators, problems } = await this.#product.generators.list();
    for (const { folder, error } of problems) this.#product.log.warn({ err: error, folder }, 'a generator cannot be used');
    return generators.map(({ card }) => cardView(card));
  }

  async importGenerator(options: ImportOptions) {
    return this.job(await this.#product.queues.enqueue('import', options));
  }

  async renameGenerator(name: string, newName: string) {
    return cardView(await renameGenerator(this.#generatorPlace(), name, newName));
  }

  async removeGenerator(name: string) {
    return cardView(await removeGenerator(this.#generatorPlace(), name));
  }

  #generatorPlace(): GeneratorPlace {
    const { store, generators: library, folder } = this.#product;
    return { db: store.db, library, generators: folder.generators };
  }

  async image(name: string, seed: number, options: ImageOptions) {
    const generator = await this.#product.generators.find(name);
    const image = imageWith(generator, seed, options);
    const run = { lane: 'interactive', memory: synthesisMemory(generator.card) } as const;
    const picture = await this.#product.engine.run(synthesizeImageTask, { generator, image }, run);
    return this.#product.engine.run(encodePictureTask, picture, { lane: 'codec', priority: PRIORITY.interactive });
  }

  async truth(name: string, seed: number, options: ImageOptions) {
    const generator = await this.#product.generators.find(name);
    const codec = { lane: 'codec', priority: PRIORITY.interactive } as const;
    const { width, height, data } = await this.#product.engine.run(truthTask, imageWith(generator, seed, options), codec);
    return this.#product.engine.run(encodeLabelMapTask, { width, height, data }, codec);
  }

  async projects() {
    return (await listProjects(this.#product.store.db)).map(projectView);
  }

  async project(id: string): Promise<ProjectDetail> {
    const { db } = this.#product.store;
    const row = await this.#projectOf(id);
    const { counted = 0, machineMade = 0, skipped = 0, rejected = [], notes = [] } = row.annotations ?? {};
    const versions = await versionsOfProject(db, row.key);
    return {
      ...projectView(row),
      labels: row.kind === 'orders' ? [] : configOf(row).labels,
      annotations: { counted, machineMade, skipped, rejected, notes },
      seededTasks: (await listTasks(db, row.key)).length,
      versions: versions.map((version) => versionView(version, row.current_version)),
      jobs: await Promise.all(
        (await listJobs(db, { projectKey: row.key, kinds: SHOWN_KINDS, limit: 20 })).map((job) => wholeJob(db, job)),
      ),
    };
  }

  async seed(id: string, order: SeedOrder) {
    const project = await this.#connected(id);
    // Refuses a generator with classes of which none is chosen.
    const rule = order.classes ?? project.class_rule;
    imageOf({ ...project, class_rule: rule }, await generatorOf(this.#product, project), 0);
    return this.job(await seedMore(this.#product, project.key, order));
  }

  async train(id: string) {
    const project = await this.#connected(id);
    return this.job(await this.#product.queues.enqueue('train', { projectKey: project.key }));
  }

  async activate(id: string, version: string) {
    const { key } = await this.#connected(id);
    const found = (await versionsOfProject(this.#product.store.db, key)).find((own) => own.id === version);
    if (found === undefined) {
      throw new DatasetGanError('unknown-version', `Project ${id} has no version ${version}.`, {
        fix: `GET /api/projects/${id} lists its versions.`,
      });
    }
    await localVersion(this.#product, version, { thoroughly: true });
    await swapVersion(this.#product, { projectKey: key, versionId: version, annotated: found.annotated });
    return this.project(id);
  }

  async prediction(id: string, seed: number) {
    const project = await this.#projectOf(id);
    const generator = await generatorOf(this.#product, project);
    if (project.current_version === null) {
      throw new DatasetGanError('no-version', `Project ${id} has no trained version yet.`, {
        fix: 'Annotate at least one task and wait for the training.',
      });
    }
    const image = imageOf(project, generator, seed);
    const { width, height, labelMap } = await predictImage(this.#product, generator, project.current_version, image, {
      lane: 'interactive',
      priority: 'interactive',
    });
    return this.#product.engine.run(
      encodeLabelMapTask,
      { width, height, data: labelMap },
      { lane: 'codec', priority: PRIORITY.interactive },
    );
  }

  async orders(id: string) {
    const { host } = await this.#projectOf(id);
    const row = await ensureOrdersProject(this.#product, connectionOf(this.#product, host));
    return { project: row.ls_id, url: `/projects/${row.ls_id}/data` };
  }

  async synthesize(id: string, order: DatasetOrder) {
    const project = await this.#connected(id);
    const { job } = await orderDataset(this.#product, project.key, order, { door: 'rest' });
    return this.job(job);
  }

  async dataset(id: string) {
    return datasetView(this.#product, await requireDataset(this.#product.store.db, id));
  }

  async archive(id: string, { key, ...options }: ArchiveOptions) {
    if (key !== undefined) checkLinkKey(this.#product, id, key);
    return datasetArchive(this.#product, id, options);
  }

  backup() {
    return backupState(this.#product);
  }

  async report(id: string, { key }: { key?: string } = {}) {
    if (key !== undefined) checkLinkKey(this.#product, id, key);
    const dataset = await requireDataset(this.#product.store.db, id);
    return (await datasetReport(this.#product, dataset)).html;
  }

  async datasets({ project, limit = 100 }: { project?: string; limit?: number }) {
    const filter = project === undefined ? {} : { projectKey: (await this.#projectOf(project)).key };
    const rows = await listDatasets(this.#product.store.db, { ...filter, limit });
    return Promise.all(rows.map((dataset) => datasetView(this.#product, dataset)));
  }

  async stopDataset(id: string, state: 'paused' | 'cancelled') {
    await stopDataset(this.#product, id, state);
    return this.dataset(id);
  }

  async resumeDataset(id: string) {
    await resumeDataset(this.#product, id);
    return this.dataset(id);
  }

  async extendDataset(id: string, { count }: { count: number }) {
    await extendDataset(this.#product, id, count);
    return this.dataset(id);
  }

  async deleteDataset(id: string, options: { withProject: boolean }) {
    const dataset = await this.dataset(id);
    await removeDataset(this.#product, id, options);
    return dataset;
  }

  async job(id: string): Promise<Job> {
    const { db } = this.#product.store;
    return wholeJob(db, await requireJob(db, id));
  }

  /** A job of a dataset is cancelled with the whole of it: the others are the rest of the same order. */
  async cancel(id: string) {
    const { store, queues } = this.#product;
    const { dataset_id: dataset } = await queues.cancel(id);
    if (dataset !== null && (await getDataset(store.db, dataset)) !== undefined)
      await stopDataset(this.#product, dataset, 'cancelled');
    return this.job(id);
  }

  async unready() {
    try {
      await this.#product.store.ping();
      return undefined;
    } catch (error) {
      return toError(error);
    }
  }

  async load(): Promise<Load> {
    const jobs = await countJobs(this.#product.store.db);
    return {
      jobs: jobs.map(({ kind, state, count }) => ({ kind: kind as JobKind, state, count })),
      engine: this.#product.engine.load(),
    };
  }

  /** A project by Label Studio's number, or by `host|id` (or our full key) where several servers have that number. */
  async #projectOf(id: string): Promise<Project> {
    const { db } = this.#product.store;
    const [host, number, created] = id.includes('|') ? id.split('|') : [undefined, id];
    if (created !== undefined) return requireProject(db, id);
    const found = await findProjectsByLsId(db, Number(number), host);
    if (found.length === 1) return found[0]!;
    if (found.length === 0)
      throw new DatasetGanError('unknown-project', `There is no project ${id}.`, {
        fix: 'Connect this backend to it in Label Studio: Settings → Model.',
      });
    throw new DatasetGanError('ambiguous-project', `Several projects have the number ${id}.`, {
      fix: `Use one of: ${found.map(({ key }) => key).join(', ')}.`,
    });
  }

  async #connected(id: string): Promise<Project> {
    const project = await this.#projectOf(id);
    if (project.kind !== 'labelling')
      throw new DatasetGanError('bad-request', `Project ${id} is no labelling project.`, {
        fix: 'Use the project whose pictures are annotated.',
      });
    if (project.state !== 'disconnected') return project;
    throw new DatasetGanError('disconnected', `Project ${id} is not connected to this backend any more.`, {
      fix: 'Connect it again in Label Studio: Settings → Model.',
    });
  }
}

function imageWith({ card }: Generator, seed: number, { psi, cutoff, class: label }: ImageOptions): ImageIdentity {
  return {
    generator: card.id,
    seed,
    class: label ?? null,
    psi: psi ?? card.psi,
    cutoff: cutoff === undefined ? card.cutoff : cutoff,
  };
}
