import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import { taskPages } from './task-pages.ts';
import { annotated, encodeTaskQuery } from './task-query.ts';

/** The fields that are read of an annotation. */
export const ANNOTATION = z.looseObject({
  id: z.number(),
  /** A list of regions, as a rule: Label Studio stores whatever was sent. */
  result: z.unknown(),
  created_at: z.string(),
  updated_at: z.string(),
  was_cancelled: z.boolean(),
  ground_truth: z.boolean().nullish(),
  /** Seconds; null where no human worked on it. */
  lead_time: z.number().nullish(),
  completed_by: z.number().nullish(),
  /** The prediction row it started from. */
  parent_prediction: z.number().nullish(),
});

export type Annotation = z.infer<typeof ANNOTATION>;

/** One body of `readAnnotations`; each task is to be read as an ANNOTATED_TASK by itself, so that an odd one costs no other. */
export const ANNOTATED_TASKS = z.looseObject({ tasks: z.array(z.looseObject({ id: z.number() })) });

export const ANNOTATED_TASK = z.looseObject({
  id: z.number(),
  data: z.record(z.string(), z.unknown()),
  meta: z.unknown().optional(),
  annotations: z.array(ANNOTATION),
});

const FIELDS = Object.keys(ANNOTATION.shape).map((field) => `annotations.${field}`);
const TASK_FIELDS = ['id', 'data', 'meta', 'annotations', ...FIELDS].join(',');

/** Regions are tens of kB an annotation: this many keep a body at a few MB. */
const TASKS_PER_PAGE = 50;

/**
 * Full annotations of these tasks (ids from `annotationMarks`), as bodies of JSON, `{tasks: […]}`, to be parsed elsewhere: no predictions
 * in them, and none of the copies that Label Studio's export leaves on its disk at each call. Tasks that are gone are missing.
 */
export async function* readAnnotations(
  connection: Connection,
  project: number,
  tasks: readonly number[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < tasks.length; start += TASKS_PER_PAGE) {
    const ids = tasks.slice(start, start + TASKS_PER_PAGE);
    yield await connection.bytes({
      method: 'GET',
      path: '/api/tasks/',
      query: {
        project,
        page: 1,
        page_size: TASKS_PER_PAGE,
        fields: 'all',
        expand: 'annotations',
        include: TASK_FIELDS,
        resolve_uri: false,
        query: encodeTaskQuery({ ids }),
      },
      timeout: 120_000,
      signal,
    });
  }
}

export interface AnnotationDraft {
  readonly result: readonly object[];
  /** Seconds of work; without it an annotation that equals one of our predictions counts as machine-made. */
  readonly lead_time?: number;
  readonly was_cancelled?: boolean;
  /** Id of the user; default: whoever the token belongs to. */
  readonly completed_by?: number;
  readonly parent_prediction?: number;
}

/** Submits an annotation as the editor does. `ground_truth` is set to false: Label Studio's default differs from path to path. */
export function createAnnotation(
  connection: Connection,
  task: number,
  draft: AnnotationDraft,
  signal?: AbortSignal,
): Promise<Annotation> {
  const body = { ground_truth: false, ...draft };
  return connection.json(ANNOTATION, { method: 'POST', path: `/api/tasks/${task}/annotations/`, body, signal });
}

const MARK = z.looseObject({
  id: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  was_cancelled: z.boolean(),
  lead_time: z.number().nullish(),
});
const MARK_FIELDS = ['id', 'annotations', ...Object.keys(MARK.shape).map((field) => `annotations.${field}`)].join(',');
const ROW = z.looseObject({ id: z.number(), annotations: z.array(MARK) });

/** One annotation without its regions. */
export interface AnnotationMark {
  readonly task: number;
  readonly id: number;
  readonly updatedAt: string;
  readonly wasCancelled: boolean;
  /** Nobody spent time on it and nobody changed it since: an import, or annotations made from predictions. */
  readonly untouched: boolean;
}

/**
 * The annotations of every task that has one which is not a skip (skips of these tasks included), about 150 bytes each: enough to see what
 * changed, so that only that is read with `readAnnotations`.
 */
export async function* annotationMarks(
  connection: Connection,
  project: number,
  signal?: AbortSignal,
): AsyncGenerator<AnnotationMark> {
  const query = { fields: 'all', expand: 'annotations' };
  const tasks = taskPages(connection, project, { row: ROW, include: MARK_FIELDS, filters: [annotated], query, signal });
  for await (const { id: task, annotations } of tasks)
    for (const mark of annotations)
      yield { task, id: mark.id, updatedAt: mark.updated_at, wasCancelled: mark.was_cancelled, untouched: isUntouched(mark) };
}

/** Label Studio sets both times of a new row, some microseconds apart. */
const SAME_MOMENT_MS = 1000;

function isUntouched({ created_at: created, updated_at: updated, lead_time: seconds }: z.infer<typeof MARK>): boolean {
  return typeof seconds !== 'number' && Date.parse(updated) - Date.parse(created) < SAME_MOMENT_MS;
}
