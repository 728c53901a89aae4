import type { DatasetGanError } from '../errors.ts';
import type { ArchiveKind } from '../export/format-names.ts';
import type { PredictRequest } from '../label-studio/requests/predict-request.ts';
import type { SetupRequest } from '../label-studio/requests/setup-request.ts';
import type { WebhookEvent } from '../label-studio/requests/webhook-event.ts';
import type {
  DatasetDetail,
  GeneratorSummary,
  Job,
  JobKind,
  JobState,
  OrdersProject,
  ProjectDetail,
  ProjectSummary,
} from './answers.ts';
import type { DatasetOrder, ImportOptions, SeedOrder } from './requests.ts';

/** What the server can ask of the product. Implemented in `src/jobs/`; `src/server/` only translates HTTP to and from it. */
export interface Backend {
  // — Label Studio's ML backend contract —
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

  // — REST —
  generators(): Promise<GeneratorSummary[]>;
  /** Makes a generator of a checkpoint on the server's disk. The job's result is an ImportReport. */
  importGenerator(options: ImportOptions): Promise<Job>;
  renameGenerator(name: string, newName: string): Promise<GeneratorSummary>;
  /** Refused with the projects' names while any uses it. */
  removeGenerator(name: string): Promise<GeneratorSummary>;
  /** PNG of one generated picture. */
  image(generator: string, seed: number, options: ImageOptions): Promise<Uint8Array>;
  /** Index PNG of the exact parts; `no-truth` unless the generator is the bundled one and psi is 1. */
  truth(generator: string, seed: number, options: ImageOptions): Promise<Uint8Array>;
  projects(): Promise<ProjectSummary[]>;
  /** `id` is a Label Studio project id, or `host|id` where several servers are known (`ambiguous-project` names them). */
  project(id: string): Promise<ProjectDetail>;
  seed(id: string, order: SeedOrder): Promise<Job>;
  train(id: string): Promise<Job>;
  activate(id: string, version: string): Promise<ProjectDetail>;
  /** Index PNG of the current version for any seed. */
  prediction(id: string, seed: number): Promise<Uint8Array>;
  /** Makes (once) the orders project of that project's Label Studio. */
  orders(id: string): Promise<OrdersProject>;
  synthesize(id: string, order: DatasetOrder): Promise<Job>;
  dataset(id: string): Promise<DatasetDetail>;
  archive(id: string, options: ArchiveOptions): Promise<Archive>;
  /** The whole state of the server. */
  backup(): Archive;
  /** HTML: what rules and filter left out, histograms before and after. `key`: of a link, where one was followed. */
  report(id: string, options?: { readonly key?: string }): Promise<string>;
  /** Newest first, 100 of them unless told otherwise; of one project, or of all. */
  datasets(filter: { project?: string; limit?: number }): Promise<DatasetDetail[]>;
  /** Stops the work on it; what is there stays. */
  stopDataset(id: string, state: 'paused' | 'cancelled'): Promise<DatasetDetail>;
  resumeDataset(id: string): Promise<DatasetDetail>;
  extendDataset(id: string, order: { count: number }): Promise<DatasetDetail>;
  /** Gives it as it was. */
  deleteDataset(id: string, options: { withProject: boolean }): Promise<DatasetDetail>;
  job(id: string): Promise<Job>;
  cancel(id: string): Promise<Job>;

  // — health —
  /** Why the product cannot serve right now; undefined when it can. */
  unready(): Promise<DatasetGanError | undefined>;
  /** Numbers for /metrics. */
  load(): Promise<Load>;
}

/** `refusal` is one ASCII line for the HTTP reason phrase of a 4xx, which is all that Label Studio's connect dialog shows. */
export type SetupAnswer = { readonly modelVersion: string | null } | { readonly refusal: string };

/** [] means: no prediction for this task, ask again. */
export type PredictResult = [] | { readonly result: readonly object[]; readonly score: number; readonly model_version: string };

export interface ImageOptions {
  readonly psi?: number;
  /** null: no cutoff, psi acts on all layers. */
  readonly cutoff?: number | null;
  readonly class?: number;
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

export interface Load {
  readonly jobs: readonly { readonly kind: JobKind; readonly state: JobState; readonly count: number }[];
  readonly engine: Readonly<Record<string, number>>;
}
