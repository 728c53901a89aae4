/** What the columns of JSON hold. */

/** An error as it is kept in a record and shown: DatasetGanError without its cause. */
export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  /** Of a project's problem that a look at it found: when it is looked at again. */
  readonly again?: string;
}

/** A problem of a project says what fixes it. */
export type ProjectProblem = ErrorRecord & { readonly fix: string };

/** A webhook that we made in Label Studio. */
export interface WebhookRecord {
  readonly id: number;
  readonly url: string;
}

/** An ML backend of a project, as Label Studio has it, and whether it leads to this server. */
export interface BackendRecord {
  readonly id: number;
  readonly url: string;
  /** Label Studio was asked to call it, and the call arrived here; or it is one of our settings. */
  readonly ours: boolean;
  /** sha256 of its extra_params, to notice that a /setup says something else. */
  readonly said: string;
  /** `Host` of the call that arrived: the address by which a proxy reaches us. */
  readonly host: string | null;
  /** How often in a row nothing arrived. */
  readonly misses: number;
  /** Milliseconds since the epoch: Label Studio is not asked to call it again before. */
  readonly again: number;
}

/** What the version last trained saw, to notice changes by polling. */
export interface AnnotationsRecord {
  /** (annotation id, updated_at, was_cancelled), sorted by id. */
  readonly set: readonly (readonly [id: number, updatedAt: string, cancelled: boolean])[];
  readonly counted: number;
  readonly machineMade: number;
  readonly skipped: number;
  readonly rejected: readonly string[];
  /** What was ignored or assumed, one line each; records of older releases have none. */
  readonly notes?: readonly string[];
  /** What was said about unpainted pixels then. */
  readonly rules?: string;
  /** Pictures that other users annotated, too; records of older releases have none. */
  readonly opinions?: readonly RecordedOpinion[];
}

/** Another user's annotation of a picture, against the one that counts. */
export interface RecordedOpinion {
  readonly task: number;
  readonly counted: { readonly annotation: number; readonly user: number };
  readonly other: { readonly annotation: number; readonly user: number };
  /** By label, 0 … 1. */
  readonly iou: Readonly<Record<string, number>>;
  /** By keypoint, in pixels of the label map. */
  readonly distances: Readonly<Record<string, number>>;
}

/** The annotation that was refused, as it was then, and the reasons: one sentence each. */
export interface OrderRefusal {
  readonly annotation: number;
  readonly updatedAt: string;
  readonly lines: readonly string[];
}
