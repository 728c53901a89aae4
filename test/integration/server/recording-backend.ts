import type { DatasetDetail, GeneratorSummary, Job, JobKind, ProjectDetail } from '../../../src/api/answers.ts';
import type { Archive, ArchiveOptions, Backend, ImageOptions, PredictResult, SetupAnswer } from '../../../src/api/backend.ts';
import type { ImportOptions, SeedOrder } from '../../../src/api/requests.ts';
import { DatasetGanError } from '../../../src/errors.ts';
import type { PredictRequest } from '../../../src/label-studio/requests/predict-request.ts';
import type { SetupRequest } from '../../../src/label-studio/requests/setup-request.ts';
import type { WebhookEvent } from '../../../src/label-studio/requests/webhook-event.ts';

export const GENERATOR: GeneratorSummary = {
  name: 'portraits-256',
  id: 'a1b2',
  family: 'stylegan2',
  resolution: 256,
  labelSize: 256,
  dims: 1024,
  psi: 1,
  cutoff: null,
  classes: 0,
  licence: 'Apache-2.0',
  note: 'Fitted to a renderer.',
};

export const PROJECT: ProjectDetail = {
  id: 7,
  host: 'http://localhost:8080',
  title: 'Faces',
  kind: 'labelling',
  state: 'connected',
  generator: 'portraits-256',
  currentVersion: 'dg-000000000001',
  address: 'http://localhost:9090',
  problem: null,
  error: null,
  labels: ['hair', 'face'],
  annotations: { counted: 2, machineMade: 1, skipped: 0, rejected: ['Task 9: the mask has another size.'], notes: [] },
  seededTasks: 16,
  versions: [
    {
      id: 'dg-000000000001',
      createdAt: '2026-01-01T00:00:00.000Z',
      current: true,
      annotatedImages: 2,
      labels: ['hair', 'face'],
      finalLoss: 0.1,
      trainingAccuracy: 0.99,
      validation: 'done',
      mIoU: 0.7,
      mIoUOver: ['hair'],
      iou: { hair: 0.7, face: null },
      notes: [],
    },
  ],
  jobs: [],
};

export const DATASET: DatasetDetail = {
  id: 'd1',
  title: 'Faces 50',
  state: 'running',
  asked: 50,
  delivered: 10,
  candidates: 56,
  dropped: 0,
  known: 0,
  filter: 0.1,
  generator: 'portraits-256',
  version: 'dg-000000000001',
  parts: [{ asked: 50, seedStart: 1_000_000, lastSeed: null, delivered: null }],
  job: null,
  bytes: 0,
  bytesToCome: 5_000_000,
  folder: '/data/datasets/d1',
  destination: 'new',
  formats: ['index-png'],
  projectId: null,
  url: null,
  download: null,
  reasons: [],
};

function aJob(kind: JobKind, total: number): Job {
  return { id: 'j1', kind, state: 'queued', done: 0, total, rate: null, eta: null };
}

/** A backend in memory: it records what it is asked and answers from the fields that a test sets. */
export class RecordingBackend implements Backend {
  readonly calls: { name: string; args: unknown[] }[] = [];
  hosts: string[] = [];
  setupAnswer: SetupAnswer | Promise<SetupAnswer> = { modelVersion: 'dg-000000000001' };
  predictor: (request: PredictRequest) => Promise<PredictResult[]> = async ({ tasks }) => tasks.map(() => []);
  recorder: () => Promise<{ known: boolean }> = async () => ({ known: true });
  png: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
  problem: DatasetGanError | undefined;

  #record(name: string, ...args: unknown[]): void {
    this.calls.push({ name, args });
  }

  /** Arguments of the calls of that name. */
  of(name: keyof Backend): unknown[][] {
    return this.calls.filter((call) => call.name === name).map((call) => call.args);
  }

  async setup(request: SetupRequest) {
    this.#record('setup', request);
    return await this.setupAnswer;
  }
  predict(request: PredictRequest) {
    this.#record('predict', request);
    return this.predictor(request);
  }
  webhook(event: WebhookEvent) {
    this.#record('webhook', event);
    return this.recorder();
  }
  callbackHosts() {
    return this.hosts;
  }
  async versions() {
    return ['dg-000000000002', 'dg-000000000001'];
  }
  async generators() {
    return [GENERATOR];
  }
  async importGenerator(options: ImportOptions) {
    this.#record('importGenerator', options);
    return aJob('import', 3);
  }
  async renameGenerator(name: string, newName: string) {
    this.#record('renameGenerator', name, newName);
    return { ...GENERATOR, name: newName };
  }
  async removeGenerator(name: string) {
    this.#record('removeGenerator', name);
    if (name !== GENERATOR.name) throw new DatasetGanError('unknown-generator', `No generator '${name}'.`);
    return GENERATOR;
  }
  async image(generator: string, seed: number, options: ImageOptions) {
    this.#record('image', generator, seed, options);
    if (generator !== GENERATOR.name) throw new DatasetGanError('unknown-generator', `No generator '${generator}'.`);
    return this.png;
  }
  async truth(generator: string, seed: number, options: ImageOptions) {
    this.#record('truth', generator, seed, options);
    if (options.psi !== undefined && options.psi !== 1)
      throw new DatasetGanError('no-truth', 'Truth holds at psi 1 only.', { fix: 'Leave psi out.' });
    return this.png;
  }
  async projects() {
    return [PROJECT];
  }
  async project(id: string) {
    this.#record('project', id);
    return this.#known(id);
  }
  async seed(id: string, order: SeedOrder) {
    this.#record('seed', id, order);
    this.#known(id);
    return aJob('seed', order.count);
  }
  async train(id: string) {
    this.#record('train', id);
    this.#known(id);
    return aJob('train', 600);
  }
  async activate(id: string, version: string) {
    this.#record('activate', id, version);
    return this.#known(id);
  }
  async prediction(id: string, seed: number) {
    this.#record('prediction', id, seed);
    this.#known(id);
    return this.png;
  }
  async orders(id: string) {
    this.#record('orders', id);
    this.#known(id);
    return { project: 8, url: 'http://localhost:8080/projects/8/data' };
  }
  async synthesize(id: string, order: { count: number }) {
    this.#record('synthesize', id, order);
    this.#known(id);
    return aJob('synthesize', order.count);
  }
  async dataset(id: string) {
    if (id !== DATASET.id) throw new DatasetGanError('unknown-dataset', `No dataset '${id}'.`);
    return DATASET;
  }
  async archive(id: string, options: ArchiveOptions): Promise<Archive> {
    await this.dataset(id);
    this.#record('archive', id, options);
    return {
      name: `d1.${options.archive ?? 'tar'}`,
      write: async (append) => {
        if (options.format === 'unknown') throw new DatasetGanError('bad-request', 'no such format');
        await append(new TextEncoder().encode('archive'));
        if (options.format === 'broken') throw new Error('broken');
      },
    };
  }
  backup() {
    return {
      name: 'datasetgan.tar',
      write: (append: (bytes: Uint8Array) => Promise<void>) => append(new TextEncoder().encode('state')),
    };
  }
  async report(id: string, options: { key?: string } = {}) {
    await this.dataset(id);
    this.#record('report', id, options);
    if (options.key !== undefined && options.key !== 'right') throw new DatasetGanError('unauthorized', 'wrong key');
    return '<!doctype html><title>Faces 50</title>';
  }
  async datasets(filter: object) {
    this.#record('datasets', filter);
    return [DATASET];
  }
  async stopDataset(id: string, state: 'paused' | 'cancelled') {
    this.#record('stopDataset', id, state);
    return { ...(await this.dataset(id)), state };
  }
  async resumeDataset(id: string) {
    this.#record('resumeDataset', id);
    return this.dataset(id);
  }
  async extendDataset(id: string, order: { count: number }) {
    this.#record('extendDataset', id, order);
    return this.dataset(id);
  }
  async deleteDataset(id: string, options: { withProject: boolean }) {
    this.#record('deleteDataset', id, options);
    return this.dataset(id);
  }
  async job(id: string) {
    this.#record('job', id);
    if (id === 'j1') return { ...aJob('train', 600), state: 'running' as const };
    if (id === 'broken') throw new TypeError('secret detail: x is undefined');
    throw new DatasetGanError('unknown-job', `No job '${id}'.`);
  }
  async cancel(id: string) {
    this.#record('cancel', id);
    return { ...(await this.job(id)), state: 'cancelled' as const };
  }
  async unready() {
    return this.problem;
  }
  async load() {
    return { jobs: [{ kind: 'train' as const, state: 'running' as const, count: 2 }], engine: { batch: 1, interactive: 0 } };
  }

  #known(id: string): ProjectDetail {
    if (id === '7' || id === 'http://localhost:8080|7') return PROJECT;
    throw new DatasetGanError('unknown-project', `No project ${id}.`, { fix: 'Connect it in Label Studio.' });
  }
}
