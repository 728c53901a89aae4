import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import { orGone } from '../connection/or-gone.ts';
import { LONG_TIMEOUT_MS } from '../connection/transport.ts';

/** What we read of a Label Studio project. The full answer holds secrets (task_data_password); only these fields are requested. */
const PROJECT = z.looseObject({
  id: z.number(),
  title: z.string(),
  description: z.string().nullish(),
  label_config: z.string(),
  created_at: z.string(),
  /** '', a backend's title, or the version whose predictions are shown. */
  model_version: z.string().nullish(),
  sampling: z.string().nullish(),
  show_collab_predictions: z.boolean().nullish(),
  /** Labelling instructions, HTML that Label Studio has cleaned. */
  expert_instruction: z.string().nullish(),
  /** The label stream opens with them. */
  show_instruction: z.boolean().nullish(),
  evaluate_predictions_automatically: z.boolean().nullish(),
  reveal_preannotations_interactively: z.boolean().nullish(),
  task_number: z.number().nullish(),
  /** Without the skipped ones. */
  total_annotations_number: z.number().nullish(),
  skipped_annotations_number: z.number().nullish(),
  total_predictions_number: z.number().nullish(),
});

export type Project = z.infer<typeof PROJECT>;

/** For `?include=`. */
const PROJECT_FIELDS = Object.keys(PROJECT.shape).join(',');

/** The `project` of Label Studio's /setup and /predict: `<id>.<created_at in whole seconds>`. Tells projects of several servers apart. */
export function projectUid(project: Pick<Project, 'id' | 'created_at'>): string {
  return `${project.id}.${Math.floor(Date.parse(project.created_at) / 1000)}`;
}

export type Sampling = 'Sequential sampling' | 'Uniform sampling' | 'Uncertainty sampling';

/** What may be set on a project. */
export interface ProjectSettings {
  /** 3 to 50 characters; need not be unique. */
  readonly title?: string;
  readonly description?: string;
  readonly label_config?: string;
  readonly expert_instruction?: string;
  readonly show_instruction?: boolean;
  /** '', the title of one of its backends, or a version of which there are predictions; anything else is refused. */
  readonly model_version?: string;
  readonly sampling?: Sampling;
  readonly show_collab_predictions?: boolean;
  readonly maximum_annotations?: number;
  readonly enable_empty_annotation?: boolean;
}

/** @throws DatasetGanError `label-studio-gone` */
export function getProject(connection: Connection, id: number, signal?: AbortSignal): Promise<Project> {
  return connection.json(PROJECT, { method: 'GET', path: `/api/projects/${id}/`, query: { include: PROJECT_FIELDS }, signal });
}

/** Not idempotent: titles need not be unique, so a repeated call makes a second project. */
export function createProject(
  connection: Connection,
  settings: ProjectSettings & { readonly title: string },
  signal?: AbortSignal,
): Promise<Project> {
  const query = { include: PROJECT_FIELDS };
  return connection.json(PROJECT, { method: 'POST', path: '/api/projects/', query, body: settings, signal });
}

/** Fires PROJECT_UPDATED at the project's webhooks, ours too. */
export function patchProject(
  connection: Connection,
  id: number,
  settings: ProjectSettings,
  signal?: AbortSignal,
): Promise<Project> {
  const query = { include: PROJECT_FIELDS };
  return connection.json(PROJECT, { method: 'PATCH', path: `/api/projects/${id}/`, query, body: settings, signal });
}

/** With all its tasks. One that is gone already is fine. */
export function deleteProject(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'DELETE', path: `/api/projects/${id}/`, timeout: LONG_TIMEOUT_MS, signal }));
}

const PROJECT_PAGE = z.looseObject({ next: z.string().nullable(), results: z.array(PROJECT) });

/** All projects that the key's user sees, newest first. */
export async function* listProjects(connection: Connection, signal?: AbortSignal): AsyncGenerator<Project> {
  for (let page = 1; ; page++) {
    const query = { page, page_size: 100, include: PROJECT_FIELDS };
    const { next, results } = await connection.json(PROJECT_PAGE, { method: 'GET', path: '/api/projects/', query, signal });
    yield* results;
    if (next === null) return;
  }
}
