import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import type { Connection } from '../connection/connection.ts';
import { orGone } from '../connection/or-gone.ts';
import { LONG_TIMEOUT_MS } from '../connection/transport.ts';
import { dataManagerAction } from './data-manager-action.ts';
import { type PredictionDraft, predictionJson } from './predictions.ts';
import { taskPages } from './task-pages.ts';
import { encodeTaskQuery, type TaskFilter } from './task-query.ts';

/** What a task in a list may carry; only the fields asked for are there. */
const TASK = z.looseObject({
  id: z.number(),
  data: z.record(z.string(), z.unknown()).optional(),
  meta: z.unknown().optional(),
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
  total_annotations: z.number().optional(),
  cancelled_annotations: z.number().optional(),
  total_predictions: z.number().optional(),
  /** Comma-separated, without repetitions, cut at 500 characters. */
  predictions_model_versions: z.string().optional(),
});

export type Task = z.infer<typeof TASK>;
export type TaskField = Exclude<keyof typeof TASK.shape, 'id'>;

export interface ListTasksOptions {
  /** Besides the id. What is not named is not sent, which makes the list some forty times smaller. */
  readonly fields?: readonly TaskField[];
  readonly filters?: readonly TaskFilter[];
  readonly ids?: readonly number[] | undefined;
  readonly pageSize?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tasks of a project, as `taskPages` gives them. Where the project evaluates predictions automatically (deprecated, off), Label Studio asks our
 * /predict for listed tasks.
 */
export function listTasks(connection: Connection, project: number, options: ListTasksOptions = {}): AsyncGenerator<Task> {
  const { fields = [], filters = [], ...rest } = options;
  // Label Studio computes this column only for `all`; `include` still keeps the heavy ones out.
  const query = fields.includes('predictions_model_versions') ? { fields: 'all' } : {};
  return taskPages(connection, project, { row: TASK, include: ['id', ...fields].join(','), filters, query, ...rest });
}

export function createTask(
  connection: Connection,
  project: number,
  task: { readonly data: Readonly<Record<string, unknown>>; readonly meta?: object },
  signal?: AbortSignal,
): Promise<Task> {
  return connection.json(TASK, { method: 'POST', path: '/api/tasks/', body: { project, ...task }, signal });
}

/** Sets the whole `data` or `meta` of a task; Label Studio merges nothing. Moves the task's `updated_at`. */
export function patchTask(
  connection: Connection,
  id: number,
  change: { readonly data?: Readonly<Record<string, unknown>>; readonly meta?: object },
  signal?: AbortSignal,
): Promise<void> {
  return connection.done({ method: 'PATCH', path: `/api/tasks/${id}/`, body: change, signal });
}

/** With its annotations and predictions. */
export function deleteTask(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'DELETE', path: `/api/tasks/${id}/`, signal }));
}

const COUNTED_PAGE = z.looseObject({ total: z.number() });

/** How many tasks pass the filters; one small request. */
export async function countTasks(
  connection: Connection,
  project: number,
  filters: readonly TaskFilter[] = [],
  signal?: AbortSignal,
): Promise<number> {
  const query = { project, page: 1, page_size: 1, include: 'id', query: encodeTaskQuery({ filters }) };
  return (await connection.json(COUNTED_PAGE, { method: 'GET', path: '/api/tasks/', query, signal })).total;
}

export interface TaskDraft {
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: object;
  readonly predictions?: readonly PredictionDraft[];
  readonly annotations?: readonly ImportedAnnotation[];
}

/** An annotation that comes with its task. Its regions are JSON text already. */
export interface ImportedAnnotation {
  readonly resultJson: string;
}

const IMPORTED = z.looseObject({
  task_count: z.number(),
  task_ids: z.array(z.number()).optional(),
  annotation_count: z.number().nullish(),
  prediction_count: z.number().nullish(),
});

export function taskJson({ data, meta, predictions = [], annotations = [] }: TaskDraft): string {
  const lists = [
    ...(predictions.length === 0 ? [] : [`"predictions":[${predictions.map(predictionJson).join(',')}]`]),
    ...(annotations.length === 0 ? [] : [`"annotations":[${annotations.map(annotationJson).join(',')}]`]),
  ];
  return `${[JSON.stringify({ data, meta }).slice(0, -1), ...lists].join(',')}}`;
}

/** Without a lead time: nobody worked on it. Label Studio would make it ground truth. */
const annotationJson = ({ resultJson }: ImportedAnnotation) => `{"ground_truth":false,"result":${resultJson}}`;

/**
 * Makes tasks, each with its predictions and annotations; all or none. Answers their ids in order. Not idempotent. Keep a call at about 30 MB.
 * A project without a model_version gets the version of the last prediction.
 */
export async function importTasks(
  connection: Connection,
  project: number,
  tasks: readonly TaskDraft[],
  signal?: AbortSignal,
): Promise<number[]> {
  if (tasks.length === 0) return [];
  const body = `[${tasks.map(taskJson).join(',')}]`;
  const query = { return_task_ids: true };
  const path = `/api/projects/${project}/import`;
  const answer = await connection.json(IMPORTED, { method: 'POST', path, query, body, timeout: LONG_TIMEOUT_MS, signal });
  const { task_ids: ids = [] } = answer;
  if (ids.length > 0 && isPartial(tasks, answer)) {
    await dataManagerAction(connection, project, 'delete_tasks', ids, signal);
    throw new DatasetGanError(
      'label-studio-error',
      `Label Studio at ${connection.base} created ${ids.length} tasks of project ${project} without their predictions or annotations. They were deleted.`,
      {
        fix: 'Nothing to do: the server pushes them again. If this happens often, let Label Studio use PostgreSQL instead of SQLite.',
      },
    );
  }
  if (ids.length === tasks.length) return ids;
  throw new DatasetGanError(
    'label-studio-error',
    `Label Studio at ${connection.base} returned ${ids.length} task ids for ${tasks.length} imported tasks of project ${project}.`,
    { fix: 'Nothing to do: the server pushes the missing ones again.' },
  );
}

/**
 * Whether predictions or annotations are missing. Label Studio 1.23 on SQLite takes them out of what it was sent before it stores anything; when its
 * database is locked just then, it begins again without them, and answers 201.
 */
function isPartial(
  tasks: readonly TaskDraft[],
  { annotation_count: annotations, prediction_count: predictions }: z.infer<typeof IMPORTED>,
): boolean {
  const sent = (of: (task: TaskDraft) => readonly unknown[] | undefined) =>
    tasks.reduce((sum, task) => sum + (of(task)?.length ?? 0), 0);
  const lacks = (made: number | null | undefined, wanted: number) => typeof made === 'number' && made < wanted;
  return (
    lacks(
      annotations,
      sent((task) => task.annotations),
    ) ||
    lacks(
      predictions,
      sent((task) => task.predictions),
    )
  );
}

const FINGERPRINT_PAGE = z.looseObject({ total: z.number(), total_annotations: z.number(), tasks: z.array(TASK) });

/**
 * A text that changes whenever a project's annotations or tasks do: number of tasks, of annotations (without skips) and the newest
 * `updated_at` of a task, which every annotation that is made, changed, skipped or deleted moves. Predictions pushed in bulk do not move it;
 * a changed task or a single prediction does, so an unequal fingerprint says "look closer", an equal one "nothing to do". One small request.
 * @throws DatasetGanError `label-studio-gone`
 */
export async function fingerprint(connection: Connection, project: number, signal?: AbortSignal): Promise<string> {
  const query = { project, page: 1, page_size: 1, include: 'id,updated_at', query: encodeTaskQuery({ order: '-updated_at' }) };
  const page = await connection.json(FINGERPRINT_PAGE, { method: 'GET', path: '/api/tasks/', query, signal });
  return [page.total, page.total_annotations, page.tasks[0]?.updated_at ?? ''].join('|');
}
