import type { DatasetGanError } from '../errors.ts';
import type { ArchiveKind } from '../export/archive-target.ts';
import type { PredictRequest, PredictTask } from '../label-studio/requests/predict-request.ts';
import type { ExtraParams, SetupRequest } from '../label-studio/requests/setup-request.ts';
import type { WebhookEvent } from '../label-studio/requests/webhook-event.ts';
import type { ClassRule } from '../stylegan/class-rule.ts';
import type { Destination, FileFormat, PushedAs, RegionForm } from './dataset-options.ts';
import type { ImportOptions, ImportReport } from './import-generator.ts';

export type { ExtraParams, ImportOptions, ImportReport, PredictRequest, PredictTask, SetupRequest, WebhookEvent };

/** What the server can ask of the product. Implemented in this folder; `src/server/` only translates HTTP to and from it. */
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
  orders(id: string): Promise<{ project: number; url: string }>;
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

export interface GeneratorSummary {
  readonly name: string;
  readonly id: string;
  readonly family: string;
  readonly resolution: number;
  readonly labelSize: number;
  readonly dims: number;
  readonly psi: number;
  readonly cutoff: number | null;
  readonly classes: number;
  readonly licence: string;
  readonly note: string;
}

export interface ProjectSummary {
  /** Label Studio's project id. */
  readonly id: number;
  /** Origin of its Label Studio. */
  readonly host: string;
  readonly title: string;
  readonly kind: 'labelling' | 'orders' | 'dataset';
  readonly state: 'connecting' | 'connected' | 'disconnected' | 'gone';
  readonly generator: string;
  readonly currentVersion: string | null;
  /** Where its Label Studio reaches this server; null: not connected yet. */
  readonly address: string | null;
  /** The last thing that went wrong and how to mend it. */
  readonly problem: string | null;
  /** The same in its parts. */
  readonly error: { readonly code: string; readonly message: string; readonly fix?: string } | null;
}

export interface VersionSummary {
  readonly id: string;
  readonly createdAt: string;
  readonly current: boolean;
  readonly annotatedImages: number;
  readonly labels: readonly string[];
  readonly finalLoss: number;
  readonly trainingAccuracy: number;
  readonly validation: 'pending' | 'done' | 'none';
  /** Mean over the labels of `mIoUOver`; null with fewer than two beside the background. */
  readonly mIoU: number | null;
  readonly mIoUOver: readonly string[];
  /** By label; null where the class was annotated in one image only. */
  readonly iou: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

export interface ProjectDetail extends ProjectSummary {
  readonly labels: readonly string[];
  readonly annotations: {
    readonly counted: number;
    readonly machineMade: number;
    readonly skipped: number;
    readonly rejected: readonly string[];
    /** What was passed over or assumed, one line each. */
    readonly notes: readonly string[];
  };
  readonly seededTasks: number;
  readonly versions: readonly VersionSummary[];
  readonly jobs: readonly Job[];
}

export interface SeedOrder {
  readonly count: number;
  readonly seedStart?: number;
  /** The project's own when left out. */
  readonly classes?: ClassRule;
}

export interface DatasetOrder {
  readonly count: number;
  readonly title?: string;
  /** A version of the project; its current one when left out or 'newest'. */
  readonly version?: string;
  /** Share of the most uncertain candidates that is dropped, 0 … 0.5. */
  readonly filter?: number;
  readonly psi?: number;
  /** null: psi acts on all layers. */
  readonly cutoff?: number | null;
  /** Class, or classes that take turns by seed; the project's own rule when left out. */
  readonly classes?: number | readonly number[] | 'all';
  /** First seed; left out: the first from which no other dataset of the project has tried any. */
  readonly seedStart?: number;
  readonly rules?: OrderRules;
  /** Pixels whose JS divergence (nats) is greater become 255 in the mask. */
  readonly ignoreAbove?: number;
  readonly formats?: readonly FileFormat[];
  readonly destination?: Destination;
  readonly push?: PushedAs;
  readonly regions?: RegionForm;
}

/** What a pair must be like to be delivered, by the texts of labels (see src/synthesis/rules.ts for what each rule measures). */
export interface OrderRules {
  /** Labels that every mask must show. */
  readonly present?: readonly string[];
  /** Share of the picture that a label may have where it is shown: [least, most]. */
  readonly areas?: Readonly<Record<string, readonly [number, number]>>;
  /** f: where a label is shown, its share may be from smallest / f to greatest · f of what was annotated. */
  readonly areaFactor?: number;
  /** Most pieces of each label, or of these labels. */
  readonly pieces?: number | Readonly<Record<string, number>>;
  /** Greatest distance to the nearest annotated picture. */
  readonly nearest?: number;
}

export interface DatasetDetail {
  readonly id: string;
  readonly title: string;
  readonly state: DatasetState;
  readonly asked: number;
  readonly delivered: number;
  readonly candidates: number;
  readonly dropped: number;
  /** Pictures among its pairs that earlier datasets of the project delivered, too. */
  readonly known: number;
  readonly filter: number;
  readonly generator: string;
  readonly version: string;
  /** What was ordered, and each extension. */
  readonly parts: readonly DatasetPartView[];
  /** The job that works on it now, or the next one; null: none. */
  readonly job: Job | null;
  /** Of its stored pairs. */
  readonly bytes: number;
  /** Bytes that it will still take, by what pairs were measured to take; 0 when nothing is to come. */
  readonly bytesToCome: number;
  readonly folder: string;
  readonly destination: Destination;
  readonly formats: readonly FileFormat[];
  readonly projectId: number | null;
  readonly url: string | null;
  /** A zip of its files, for browsers, without the API token; null until all its pairs are there, and where no address of ours is known. */
  readonly download: string | null;
  readonly reasons: readonly string[];
}

export interface DatasetPartView {
  readonly asked: number;
  readonly seedStart: number;
  /** Of its last candidate; null until all are made. */
  readonly lastSeed: number | null;
  readonly delivered: number | null;
}

/** `paused`: somebody wants to go on later. */
export type DatasetState = JobState | 'paused';

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

export type JobKind =
  | 'seed'
  | 'import'
  | 'train'
  | 'refresh'
  | 'validate'
  | 'synthesize'
  | 'shard'
  | 'publish'
  | 'export'
  | 'describe'
  | 'orders'
  | 'connect'
  | 'reconcile';
export type JobState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  /** Id of the dataset that it works on. */
  readonly dataset?: string;
  readonly state: JobState;
  readonly done: number;
  readonly total: number;
  /** Items a second, over the last minute; null before the first. */
  readonly rate: number | null;
  /** Seconds left; null when unknown. */
  readonly eta: number | null;
  readonly error?: { readonly code: string; readonly message: string; readonly fix?: string };
  readonly result?: Readonly<Record<string, unknown>>;
}

export interface Load {
  readonly jobs: readonly { readonly kind: JobKind; readonly state: JobState; readonly count: number }[];
  readonly engine: Readonly<Record<string, number>>;
}
