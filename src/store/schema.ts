import type { ColumnType, Generated, Insertable, Selectable, Updateable } from 'kysely';
import type { AnnotationsRecord, BackendRecord, ErrorRecord, OrderRefusal, WebhookRecord } from './records.ts';

/** A column of JSON: parsed when read, text (`json(value)`) when written. */
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
type Time = ColumnType<Date, Date | string | undefined, Date | string>;
type NullableTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** NULL unless given. */
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;

export type ProjectKind = 'labelling' | 'orders' | 'dataset';
/** `gone`: Label Studio no longer knows the project. */
export type ProjectState = 'connecting' | 'connected' | 'disconnected' | 'gone';
export type JobState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
/** `paused`: somebody wants to go on later. */
export type DatasetState = JobState | 'paused';
export type ValidationState = 'pending' | 'done' | 'none';
export type PredictionSource = 'predict' | 'refresh' | 'seed' | 'publish';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A project of a Label Studio, whatever it is for. */
export interface ProjectsTable {
  /** `host|id|created_at_unix`: what stays true when a Label Studio is set up again on the same address. */
  key: string;
  /** Origin of its Label Studio. */
  host: string;
  ls_id: number;
  created_at_unix: number;
  title: string;
  kind: ProjectKind;
  state: ColumnType<ProjectState, ProjectState | undefined, ProjectState>;
  label_config: string;
  /** Tells whether the labels (not merely the XML) changed. */
  labels_key: Optional<string>;
  /** Generator id. */
  generator: Optional<string>;
  psi: Optional<number>;
  /** NULL: psi acts on all layers. */
  cutoff: Optional<number>;
  /** Class of a picture, or classes that take turns by seed, or 'all'; NULL: none was chosen. */
  class_rule: NullableJson<number | readonly number[] | 'all'>;
  callback_url: Optional<string>;
  backend_title: Optional<string>;
  sampling: Optional<string>;
  /** Tasks asked for, in all. */
  seed_tasks: Generated<number>;
  /** Tasks made so far. */
  seeded: Generated<number>;
  current_version: Optional<string>;
  /** What we last wrote into Label Studio's project.model_version. */
  shown_version: Optional<string>;
  /** The last version that every task without an annotation got a prediction of. */
  refreshed_version: Optional<string>;
  problem: NullableJson<ErrorRecord>;
  /** Cheap counters of the last poll. */
  fingerprint: NullableJson<JsonObject>;
  annotations: NullableJson<AnnotationsRecord>;
  webhooks: ColumnType<readonly WebhookRecord[], string | undefined, string>;
  /** Every ML backend of the project. */
  backends: ColumnType<readonly BackendRecord[], string | undefined, string>;
  /** sha256 of the access_token that Label Studio sends for this project: a /setup with it comes from there. */
  caller: Optional<string>;
  /** Polls in a row that were answered 404. */
  misses: Generated<number>;
  /** Looks in a row that failed otherwise. */
  failures: Generated<number>;
  /** Until then the reconciler leaves it alone. */
  rest_until: NullableTime;
  extra: ColumnType<JsonObject, string | undefined, string>;
  /** Of a dataset project: the labelling project it was made from. */
  source_project: Optional<string>;
  dataset_id: Optional<string>;
  created_at: Time;
  updated_at: Time;
}

/** Which image a Label Studio task shows. */
export interface TasksTable {
  project_key: string;
  task_id: number;
  generator_id: string;
  seed: number;
  class: Optional<number>;
  psi: number;
  cutoff: Optional<number>;
}

/** Which photograph a task shows that is not of our making. */
export interface PhotographsTable {
  project_key: string;
  task_id: number;
  /** As `task.data` has it; where it changed, the row is of another picture. */
  address: string;
  /** Of its file; NULL where it cannot be read. */
  sha256: Optional<string>;
  /** As it is shown, in pixels. */
  width: Optional<number>;
  height: Optional<number>;
  /** Why it cannot be read. */
  problem: NullableJson<ErrorRecord>;
  /** When it was looked for. */
  seen_at: Time;
}

/** A trained ensemble. Never changed, but for the result of its validation. */
export interface VersionsTable {
  /** `dg-` and 12 hex digits. */
  id: string;
  /** Id of what it looks through: a generator, or a backbone. */
  generator_id: string;
  labels: Json<readonly string[]>;
  record: Json<JsonObject>;
  validation: ValidationState;
  validation_result: NullableJson<JsonObject>;
  weights_sha256: string;
  created_at: Time;
}

/** Which versions a project had, and when. The current one has no `superseded_at`. */
export interface ProjectVersionsTable {
  project_key: string;
  version_id: string;
  activated_at: Time;
  superseded_at: NullableTime;
  /** Annotated images it was trained on. */
  annotated: number;
  /** Its predictions were deleted from Label Studio after it was superseded. */
  predictions_deleted: Generated<boolean>;
}

export interface PredictionsTable {
  project_key: string;
  task_id: number;
  version_id: string;
  mask_sha256: string;
  /** 0 … 1, low = label me first. */
  score: number;
  /** Jensen-Shannon uncertainty of the image, in nats. */
  js: number;
  /** Pixels of each label, by label index; older releases wrote none. */
  areas: NullableJson<readonly number[]>;
  source: PredictionSource;
  /** It is in Label Studio. */
  pushed: Generated<boolean>;
  created_at: Time;
}

/** What the user sees of a job. The queue only delivers; this is the truth. */
export interface JobsTable {
  id: string;
  kind: string;
  project_key: Optional<string>;
  dataset_id: Optional<string>;
  singleton_key: Optional<string>;
  state: ColumnType<JobState, JobState | undefined, JobState>;
  done: Generated<number>;
  total: Generated<number>;
  /** Items a second over the last minute. */
  rate: Optional<number>;
  /** Seconds left. */
  eta: Optional<number>;
  /** What it is at, where it has several things to do one after another. */
  phase: Optional<string>;
  input: Json<JsonObject>;
  error: NullableJson<ErrorRecord>;
  result: NullableJson<JsonObject>;
  /** Number of the delivery that runs now; a delivery that is not the newest may not write. */
  attempt: Generated<number>;
  /** Times it failed for a passing reason and was put back. */
  failures: Generated<number>;
  /** Times the process died while it ran, since it last came further than ever. */
  interruptions: Generated<number>;
  /** Greatest `done` of all its runs. */
  furthest: Generated<number>;
  created_at: Time;
  started_at: NullableTime;
  finished_at: NullableTime;
  updated_at: Time;
}

export interface DatasetsTable {
  id: string;
  /** Of its first part; extensions differ from it in seeds and count alone. */
  plan_id: string;
  plan: Json<JsonObject>;
  /** The labelling project it is made from. */
  project_key: string;
  title: string;
  state: ColumnType<DatasetState, DatasetState | undefined, DatasetState>;
  delivered: Generated<number>;
  candidates: Generated<number>;
  dropped: Generated<number>;
  /** Pictures among its pairs that earlier datasets of the project delivered, too. */
  known: Generated<number>;
  ls_project_id: Optional<number>;
  ls_project_key: Optional<string>;
  folder: string;
  reasons: ColumnType<readonly string[], string | undefined, string>;
  /** How it was ordered: REST, or which task of which orders project. */
  origin: Json<JsonObject>;
  /** What was ordered beside the plan: formats, destination, form of the regions. */
  options: ColumnType<JsonObject, string | undefined, string>;
  created_at: Time;
  finished_at: NullableTime;
}

/** What one order, or one extension, adds to a dataset. */
export interface DatasetPartsTable {
  dataset_id: string;
  index: number;
  plan_id: string;
  plan: Json<JsonObject>;
  /** Which candidates are kept; NULL until all are there. */
  choice: NullableJson<JsonObject>;
}

/** A run of consecutive candidates of a plan that is stored; what the plan asks for beyond these is still to be made. */
export interface ShardsTable {
  plan_id: string;
  index: number;
  seeds: number;
  /** Of its object in the storage. */
  bytes: number;
  /** Their records, in seed order. */
  result: Json<unknown[]>;
}

/** A process on some machine that makes shards. */
export interface WorkersTable {
  id: string;
  machine: string;
  /** Shards at a time. */
  concurrency: number;
  threads: number;
  started_at: Time;
  seen_at: Time;
}

export interface OrdersTable {
  orders_project_key: string;
  task_id: number;
  annotation_id: Optional<number>;
  dataset_id: Optional<string>;
  state: string;
  /** What the task's Text tag shows. */
  status: string;
  /** Preview and report of its dataset that are in Label Studio. */
  shown: NullableJson<JsonObject>;
  /** Why its form was not taken; stands until that form is changed. */
  refusal: NullableJson<OrderRefusal>;
  created_at: Time;
}

export interface SettingsTable {
  key: string;
  value: Json<unknown>;
}

export interface Database {
  projects: ProjectsTable;
  tasks: TasksTable;
  photographs: PhotographsTable;
  versions: VersionsTable;
  project_versions: ProjectVersionsTable;
  predictions: PredictionsTable;
  jobs: JobsTable;
  datasets: DatasetsTable;
  dataset_parts: DatasetPartsTable;
  shards: ShardsTable;
  orders: OrdersTable;
  settings: SettingsTable;
  workers: WorkersTable;
}

export type Project = Selectable<ProjectsTable>;
export type NewProject = Insertable<ProjectsTable>;
export type ProjectChange = Updateable<ProjectsTable>;
export type Task = Selectable<TasksTable>;
export type NewTask = Insertable<TasksTable>;
export type PhotographRow = Selectable<PhotographsTable>;
export type NewPhotograph = Insertable<PhotographsTable>;
export type Version = Selectable<VersionsTable>;
export type NewVersion = Insertable<VersionsTable>;
export type ProjectVersion = Selectable<ProjectVersionsTable>;
export type NewPrediction = Insertable<PredictionsTable>;
export type JobRow = Selectable<JobsTable>;
export type Dataset = Selectable<DatasetsTable>;
export type NewDataset = Insertable<DatasetsTable>;
export type DatasetChange = Updateable<DatasetsTable>;
export type DatasetPart = Selectable<DatasetPartsTable>;
export type NewDatasetPart = Insertable<DatasetPartsTable>;
export type WorkerRow = Selectable<WorkersTable>;
export type NewWorker = Insertable<WorkersTable>;
export type Order = Selectable<OrdersTable>;
export type NewOrder = Insertable<OrdersTable>;
export type OrderChange = Updateable<OrdersTable>;
