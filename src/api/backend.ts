import type { DatasetGanError } from '../errors.ts';
import type { ArchiveKind } from '../export/format-names.ts';
import type { PredictRequest } from '../label-studio/requests/predict-request.ts';
import type { SetupRequest } from '../label-studio/requests/setup-request.ts';
import type { WebhookEvent } from '../label-studio/requests/webhook-event.ts';
import type {
  DatasetDetail,
  Findings,
  GeneratorDetail,
  GeneratorSummary,
  Health,
  Job,
  JobKind,
  JobState,
  Live,
  OrderEstimate,
  OrdersProject,
  ProjectDetail,
  ProjectFigures,
  ProjectPictures,
  ProjectSummary,
  SeedPrediction,
  SeedTruth,
  VersionPage,
} from './answers.ts';
import type { DatasetOrder, ImportOptions, SeedOrder, UploadOptions } from './requests.ts';

/**
 * What the server can ask of the product, by what it is about. Implemented in `src/jobs/`: each room has its part. `src/server/` only translates HTTP to
 * and from it.
 */
export interface Backend {
  readonly labelStudio: LabelStudioBackend;
  readonly generators: GeneratorBackend;
  readonly projects: ProjectBackend;
  readonly datasets: DatasetBackend;
  readonly jobs: JobBackend;
  readonly server: ServerBackend;
}

/** Label Studio's ML backend contract. */
export interface LabelStudioBackend {
  setup(request: SetupRequest): Promise<SetupAnswer>;
  predict(request: PredictRequest): Promise<PredictResult[]>;
  /**
   * Records the hint and returns at once. `known` is false for actions and projects we do nothing for, and for events with a wrong secret
   * (the webhooks we make carry one; the one that connecting makes has none).
   */
  webhook(event: WebhookEvent, secret?: string): Promise<{ known: boolean }>;
  /** Addresses by which Label Studio is known to reach us: of its ML backends, and what a proxy makes of them. */
  callbackHosts(): readonly string[];
  /** Version ids, newest first, of all projects (the request does not say which). */
  versions(): Promise<string[]>;
}

export interface GeneratorBackend {
  list(): Promise<GeneratorSummary[]>;
  /** Makes a generator of a checkpoint on the server's disk. The job's result is an ImportReport. */
  import(options: ImportOptions): Promise<Job>;
  /** The same of a checkpoint that somebody sends. The job begins when all of it is there. */
  upload(options: UploadOptions, upload: Upload): Promise<Job>;
  get(name: string): Promise<GeneratorDetail>;
  /** PNG of eight pictures on one sheet. */
  samples(name: string, signal?: AbortSignal): Promise<Uint8Array>;
  rename(name: string, newName: string): Promise<GeneratorSummary>;
  /** Refused with the projects' names while any uses it. */
  remove(name: string): Promise<GeneratorSummary>;
  /** PNG of one generated picture, or of what is between two. */
  image(name: string, seed: number, options: PictureOptions): Promise<Uint8Array>;
  /** Index PNG of the exact parts; `no-truth` unless the generator is the bundled one and psi is 1. */
  truth(name: string, seed: number, options: ImageOptions): Promise<Uint8Array>;
  /** The exact keypoints of a picture; `no-truth` as truth. */
  trueKeypoints(name: string, seed: number, options: ImageOptions): Promise<SeedTruth>;
}

/** `id` is a Label Studio project id, or `host|id` where several servers are known (`ambiguous-project` names them). */
export interface ProjectBackend {
  list(): Promise<ProjectSummary[]>;
  get(id: string): Promise<ProjectDetail>;
  /** The last activated first, 20 of them unless told otherwise. */
  versions(id: string, page: { readonly limit?: number; readonly offset?: number }): Promise<VersionPage>;
  /** How uncertain the current version is of the project's pictures, and how large it sees each label in them. */
  figures(id: string): Promise<ProjectFigures>;
  seed(id: string, order: SeedOrder): Promise<Job>;
  train(id: string): Promise<Job>;
  activate(id: string, version: string): Promise<ProjectDetail>;
  /** Pictures of its tasks, or of seeds. */
  pictures(id: string, page: PicturesPage): Promise<ProjectPictures>;
  /** Index PNG of a version for any seed. */
  prediction(id: string, seed: number, options: PredictionOptions): Promise<Uint8Array>;
  /** Grey PNG of how uncertain a version is of each pixel, in hundredths of a nat (JS divergence). */
  uncertainty(id: string, seed: number, options: PredictionOptions): Promise<Uint8Array>;
  /** Score and keypoints of a version for any seed. */
  predictionFigures(id: string, seed: number, options: PredictionOptions): Promise<SeedPrediction>;
  /** Makes (once) the orders project of that project's Label Studio. */
  orders(id: string): Promise<OrdersProject>;
}

export interface DatasetBackend {
  /** Orders one from a project (ProjectBackend says by which id). */
  order(projectId: string, order: DatasetOrder): Promise<Job>;
  /** What an order would take, without ordering it. Refuses what `order` refuses. */
  estimate(projectId: string, order: DatasetOrder): Promise<OrderEstimate>;
  /** Newest first, 100 of them unless told otherwise; of one project or of all, in one state or in any. */
  list(filter: DatasetsFilter): Promise<Page<DatasetDetail>>;
  get(id: string): Promise<DatasetDetail>;
  /** PNG of its first pairs. */
  preview(id: string): Promise<Uint8Array>;
  /** HTML: what rules and filter left out, histograms before and after. `key`: of a link, where one was followed. */
  report(id: string, options?: { readonly key?: string }): Promise<string>;
  archive(id: string, options: ArchiveOptions): Promise<Archive>;
  /** Stops the work on it; what is there stays. */
  stop(id: string, state: 'paused' | 'cancelled'): Promise<DatasetDetail>;
  resume(id: string): Promise<DatasetDetail>;
  extend(id: string, order: { count: number }): Promise<DatasetDetail>;
  /** Deletes it, and gives it as it was. */
  remove(id: string, options: { withProject: boolean }): Promise<DatasetDetail>;
}

export interface JobBackend {
  /** Newest first, 100 of them unless told otherwise. */
  list(filter: { state?: JobState; kind?: JobKind; limit?: number; housekeeping?: boolean }): Promise<Job[]>;
  /** What runs or waits, and whether anything else has changed. */
  live(): Promise<Live>;
  get(id: string): Promise<Job>;
  cancel(id: string): Promise<Job>;
}

export interface ServerBackend {
  /** The whole state of the server. */
  backup(): Archive;
  /** Why the product cannot serve right now; undefined when it can. */
  unready(): Promise<DatasetGanError | undefined>;
  /** Numbers for /metrics. */
  load(): Promise<Load>;
  /** Tells of each job that ends in this process. */
  watchJobs(tell: (job: EndedJob) => void): void;
  health(): Promise<Health>;
  /** Looks at every Label Studio and project, which takes seconds. `own`: the address of this server. */
  findings(own: string, signal: AbortSignal): Promise<Findings>;
}

/** `refusal` is one ASCII line for the HTTP reason phrase of a 4xx, which is all that Label Studio's connect dialog shows. */
export type SetupAnswer = { readonly modelVersion: string | null } | { readonly refusal: string };

/** [] means: no prediction for this task, ask again. */
export type PredictResult = [] | { readonly result: readonly object[]; readonly score: number; readonly model_version: string };

export interface ImageOptions {
  readonly psi?: number | undefined;
  /** null: no cutoff, psi acts on all layers. */
  readonly cutoff?: number | null | undefined;
  readonly class?: number | undefined;
}

/** How an answer is asked for that takes computing. */
export interface Asked {
  /** It may wait until trainings are done, as that of one of many pictures on a page. */
  readonly patient?: boolean;
  /** Whoever asked has gone. */
  readonly signal?: AbortSignal;
}

export interface PictureOptions extends ImageOptions, Asked {
  /** Pixels; not enlarged beyond its own. */
  readonly width?: number | undefined;
  /** A second seed, and its share (0 … 1, 0.5 when left out): the picture of the mixed style vectors. */
  readonly mix?: number | undefined;
  readonly share?: number | undefined;
}

export interface PredictionOptions extends ImageOptions, Asked {
  /** One of the project's; its current one when left out. */
  readonly version?: string | undefined;
}

export interface PicturesPage {
  readonly of?: 'tasks' | 'seeds' | undefined;
  /** Tasks that are left out, or the first seed. */
  readonly start?: number | undefined;
  readonly limit?: number | undefined;
  /** Instead of the pictures' own. */
  readonly psi?: number | undefined;
}

/** A file that somebody sends, as it comes and no faster than it is taken. */
export interface Upload {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Bytes in all; null where the sender did not say. */
  readonly length: number | null;
}

/** One uncompressed tar that is written as it is read. */
export interface Archive {
  /** Its file's name. */
  readonly name: string;
  /** @param append takes the bytes in order; it is waited for */
  write(append: (bytes: Uint8Array) => Promise<void>, signal: AbortSignal): Promise<void>;
}

export interface ArchiveOptions {
  /** A format, several with commas between them, or `all`. */
  readonly format: string;
  /** Share of the pairs that is for validation, 0 … 0.5. */
  readonly validation?: number;
  /** A tar when left out. */
  readonly archive?: ArchiveKind;
  /** Of a link (dataset-link.ts), where one was followed. */
  readonly key?: string;
}

export interface DatasetsFilter {
  /** ProjectBackend says by which id. */
  readonly project?: string;
  readonly state?: DatasetDetail['state'];
  readonly limit?: number;
  readonly offset?: number;
}

/** Some of the rows that match. */
export interface Page<T> {
  readonly rows: T[];
  /** How many match. */
  readonly total: number;
}

export interface EndedJob {
  readonly kind: JobKind;
  /** `stopped`: cancelled, or put back into the queue. */
  readonly outcome: 'completed' | 'failed' | 'stopped';
  readonly seconds: number;
}

export interface Load {
  readonly jobs: readonly { readonly kind: JobKind; readonly state: JobState; readonly count: number }[];
  readonly engine: Readonly<Record<string, number>>;
  /** Seconds that the oldest waiting job of each kind has waited. */
  readonly waiting: readonly { readonly kind: JobKind; readonly seconds: number }[];
  /** Pairs that are stored, of all datasets. */
  readonly pairs: number;
  readonly workers: number;
  /** MEMORY_LIMIT in bytes. */
  readonly memoryLimit: number;
  /** Bytes on the disk of DATA_DIR. */
  readonly diskFree: number;
}
