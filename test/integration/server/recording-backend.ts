import type {
  DatasetDetail,
  GeneratorSummary,
  Health,
  Job,
  JobKind,
  OrderEstimate,
  ProjectDetail,
  ProjectFigures,
} from '../../../src/api/answers.ts';
import type {
  Backend,
  DatasetBackend,
  GeneratorBackend,
  JobBackend,
  LabelStudioBackend,
  ProjectBackend,
  ServerBackend,
} from '../../../src/api/backend.ts';
import { DatasetGanError } from '../../../src/errors.ts';

export const PNG: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

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
  photographs: null,
  currentVersion: 'dg-000000000001',
  annotatedImages: 2,
  address: 'http://localhost:9090',
  problem: null,
  error: null,
  labels: ['hair', 'face'],
  keypoints: ['eye-left'],
  colours: { labels: ['#c08040', 'tomato'], keypoints: ['#72bf88'] },
  annotations: { counted: 2, machineMade: 1, skipped: 0, rejected: ['Task 9: the mask has another size.'], notes: [] },
  seededTasks: 16,
  unreadPhotographs: [],
  versions: [
    {
      id: 'dg-000000000001',
      createdAt: '2026-01-01T00:00:00.000Z',
      current: true,
      annotatedImages: 2,
      labels: ['hair', 'face'],
      keypoints: ['eye-left'],
      finalLoss: 0.1,
      trainingAccuracy: 0.99,
      validation: 'done',
      mIoU: 0.7,
      mIoUOver: ['hair'],
      iou: { hair: 0.7, face: null },
      notes: [],
    },
  ],
  versionCount: 1,
  learningCurve: [{ version: 'dg-000000000001', annotatedImages: 2, mIoU: 0.7, iou: { hair: 0.7, face: null }, forecast: null }],
  keypointCurve: [],
  slips: { version: 'dg-000000000001', regions: [], points: [] },
  agreement: { labels: {}, keypoints: {}, pictures: [] },
  jobs: [],
};

export const DATASET: DatasetDetail = {
  id: 'd1',
  title: 'Faces 50',
  state: 'running',
  project: { id: 7, host: 'http://localhost:8080', title: 'Faces' },
  createdAt: '2026-01-01T00:00:00.000Z',
  finishedAt: null,
  asked: 50,
  delivered: 10,
  candidates: 56,
  dropped: 0,
  known: 0,
  filter: 0.1,
  psi: 0.7,
  cutoff: null,
  classes: null,
  rules: ['Every mask contains hair.'],
  ignoreAbove: null,
  generator: 'portraits-256',
  version: 'dg-000000000001',
  parts: [{ asked: 50, seedStart: 1_000_000, lastSeed: null, delivered: null }],
  job: null,
  bytes: 0,
  bytesToCome: 5_000_000,
  folder: '/data/datasets/d1',
  destination: 'new',
  push: 'predictions',
  regions: null,
  formats: ['index-png'],
  fits: ['index-png', 'coco'],
  sizes: { 'index-png': 1234 },
  projectId: null,
  url: null,
  download: null,
  reasons: [],
};

export const ESTIMATE: OrderEstimate = {
  candidates: 56,
  mostCandidates: 280,
  seconds: { pairs: 22.4, project: 1.2, files: 0.1 },
  basis: 'pairs',
  waiting: 0,
  bytes: 5_000_000,
  bytesFree: 10e9,
  version: 'dg-000000000001',
  filter: 0.1,
  psi: 0.7,
  cutoff: null,
  seedStart: 1_000_000,
  formats: ['index-png'],
  fits: ['index-png', 'coco'],
};

const HEALTH: Health = {
  startedAt: '2026-01-01T00:00:00.000Z',
  versions: { product: '1.0.0', node: '24.0.0', onnxRuntime: '1.30.0', database: 'PostgreSQL 16.4', recipe: 9 },
  engine: { threads: 2, lanes: [{ name: 'batch', tasks: 1 }] },
  memory: { used: 500e6, limit: 2e9, machine: 8e9 },
  disk: { folder: '/data', free: 5e9 },
  uploadLimit: 2e9,
  jobs: [{ kind: 'train', state: 'running', count: 2 }],
  workers: [],
};

function aJob(kind: JobKind, total: number): Job {
  return { id: 'j1', kind, state: 'queued', done: 0, total, rate: null, eta: null, phase: null };
}

/** What the server calls by itself: the access checks before each call, the metrics at the start. */
const UNASKED: readonly (string | symbol)[] = ['callbackHosts', 'watchJobs'];

/** `projects.seed`, and so on. */
type CallName = { [G in keyof Backend]: `${G}.${keyof Backend[G] & string}` }[keyof Backend];

/** A backend in memory: it records what it is asked. A test gives a method of its own where it wants another answer; that is recorded, too. */
export class RecordingBackend implements Backend {
  readonly calls: { name: string; args: unknown[] }[] = [];

  readonly labelStudio: LabelStudioBackend = this.#recorded('labelStudio', {
    setup: async () => ({ modelVersion: 'dg-000000000001' }),
    predict: async ({ tasks }) => tasks.map(() => []),
    webhook: async () => ({ known: true }),
    callbackHosts: () => [],
    versions: async () => ['dg-000000000002', 'dg-000000000001'],
  });

  readonly generators: GeneratorBackend = this.#recorded('generators', {
    list: async () => [GENERATOR],
    import: async () => aJob('import', 3),
    async upload(_options, { bytes }) {
      for await (const _piece of bytes);
      return aJob('import', 4);
    },
    get: async (name) => ({
      ...requireGenerator(name),
      bundled: true,
      layers: 14,
      source: 'A renderer.',
      commercialUse: true,
      projects: [],
      report: null,
    }),
    samples: async () => PNG,
    rename: async (_name, newName) => ({ ...GENERATOR, name: newName }),
    async remove(name) {
      return requireGenerator(name);
    },
    async image(name) {
      requireGenerator(name);
      return PNG;
    },
    async truth(_name, _seed, { psi }) {
      if (psi !== undefined && psi !== 1)
        throw new DatasetGanError('no-truth', 'Truth holds at psi 1 only.', { fix: 'Leave psi out.' });
      return PNG;
    },
    async trueKeypoints(name) {
      requireGenerator(name);
      const keypoints = [{ name: 'eye-left', x: 100.5, y: 90.25, visible: true }];
      return { width: 256, height: 256, parts: ['background', 'hair'], keypoints };
    },
  });

  readonly projects: ProjectBackend = this.#recorded('projects', {
    list: async () => [PROJECT],
    get: async (id) => requireProject(id),
    versions: async (id) => ({ total: 1, versions: requireProject(id).versions }),
    figures: async (id) => figuresOf(requireProject(id)),
    async seed(id, { count }) {
      requireProject(id);
      return aJob('seed', count);
    },
    async train(id) {
      requireProject(id);
      return aJob('train', 600);
    },
    activate: async (id) => requireProject(id),
    async prediction(id) {
      requireProject(id);
      return PNG;
    },
    async predictionFigures(id) {
      requireProject(id);
      const keypoints = [{ name: 'eye-left', x: 100.5, y: 90.25, score: 0.9, spread: 0.3 }];
      return { version: 'dg-000000000001', labels: ['hair', 'face'], width: 256, height: 256, score: 0.8, keypoints };
    },
    async uncertainty(id) {
      requireProject(id);
      return PNG;
    },
    async pictures(id) {
      requireProject(id);
      const task = { id: 3, url: 'http://localhost:8080/projects/7/data?task=3' };
      return {
        total: 1,
        generator: 'a1b2',
        pictures: [{ seed: 12, class: null, psi: 1, cutoff: null, task, hasTruth: true }],
      };
    },
    async orders(id) {
      requireProject(id);
      return { project: 8, url: 'http://localhost:8080/projects/8/data' };
    },
  });

  readonly datasets: DatasetBackend = this.#recorded('datasets', {
    async order(projectId, { count }) {
      requireProject(projectId);
      return aJob('synthesize', count);
    },
    async estimate(projectId) {
      requireProject(projectId);
      return ESTIMATE;
    },
    list: async () => ({ rows: [DATASET], total: 10_000 }),
    get: async (id) => requireDataset(id),
    async preview(id) {
      requireDataset(id);
      return PNG;
    },
    async report(id, { key } = {}) {
      requireDataset(id);
      if (key !== undefined && key !== 'right') throw new DatasetGanError('unauthorized', 'wrong key');
      return '<!doctype html><title>Faces 50</title>';
    },
    async archive(id, { format, archive = 'tar' }) {
      requireDataset(id);
      return {
        name: `d1.${archive}`,
        write: async (append) => {
          if (format === 'unknown') throw new DatasetGanError('bad-request', 'no such format');
          await append(new TextEncoder().encode('archive'));
          if (format === 'broken') throw new Error('broken');
        },
      };
    },
    stop: async (id, state) => ({ ...requireDataset(id), state }),
    resume: async (id) => requireDataset(id),
    extend: async (id) => requireDataset(id),
    remove: async (id) => requireDataset(id),
  });

  readonly jobs: JobBackend = this.#recorded('jobs', {
    list: async ({ state }) => [requireJob('j1')].filter((job) => state === undefined || job.state === state),
    live: async () => ({ jobs: [requireJob('j1')], revision: '1' }),
    get: async (id) => requireJob(id),
    cancel: async (id) => ({ ...requireJob(id), state: 'cancelled' }),
  });

  readonly server: ServerBackend = this.#recorded('server', {
    backup: () => ({ name: 'datasetgan.tar', write: (append) => append(new TextEncoder().encode('state')) }),
    unready: async () => undefined,
    load: async () => ({
      jobs: [{ kind: 'train', state: 'running', count: 2 }],
      waiting: [{ kind: 'refresh', seconds: 3.5 }],
      engine: { batch: 1, interactive: 0 },
      pairs: 1200,
      workers: 2,
      memoryLimit: 2e9,
      diskFree: 5e9,
    }),
    watchJobs: (tell) => {
      tell({ kind: 'train', outcome: 'completed', seconds: 2.5 });
    },
    health: async () => HEALTH,
    findings: async (own) => [
      { title: own, labelStudio: '1.23.2', findings: [{ level: 'fail', what: 'not connected', fix: 'Connect it.' }] },
    ],
  });

  /** Arguments of the calls of that name. */
  of(name: CallName): unknown[][] {
    return this.calls.filter((call) => call.name === name).map((call) => call.args);
  }

  #recorded<G extends keyof Backend>(group: G, methods: Backend[G]): Backend[G] {
    return new Proxy(methods, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function' || UNASKED.includes(name)) return method;
        return (...args: unknown[]): unknown => {
          this.calls.push({ name: `${group}.${String(name)}`, args });
          return Reflect.apply(method, target, args);
        };
      },
    });
  }
}

function requireGenerator(name: string): GeneratorSummary {
  if (name === GENERATOR.name) return GENERATOR;
  throw new DatasetGanError('unknown-generator', `No generator '${name}'.`);
}

function requireProject(id: string): ProjectDetail {
  if (id === '7' || id === 'http://localhost:8080|7') return PROJECT;
  throw new DatasetGanError('unknown-project', `No project ${id}.`, { fix: 'Connect it in Label Studio.' });
}

function figuresOf({ currentVersion: version, labels }: ProjectDetail): ProjectFigures {
  const histogram = { width: 0.1, counts: [1, 0, 1] };
  return {
    version,
    pictures: 2,
    uncertainty: histogram,
    areas: labels.map((label) => ({ label, pictures: 2, mean: 0.15, histogram })),
  };
}

function requireDataset(id: string): DatasetDetail {
  if (id === DATASET.id) return DATASET;
  throw new DatasetGanError('unknown-dataset', `No dataset '${id}'.`);
}

function requireJob(id: string): Job {
  if (id === 'j1') return { ...aJob('train', 600), state: 'running' };
  if (id === 'broken') throw new TypeError('secret detail: x is undefined');
  throw new DatasetGanError('unknown-job', `No job '${id}'.`);
}
