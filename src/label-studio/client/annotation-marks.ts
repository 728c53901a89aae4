import { z } from 'zod';
import type { Connection } from './connection.ts';
import { taskPages } from './task-pages.ts';
import { annotated } from './task-query.ts';

const MARK = z.looseObject({
  id: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  was_cancelled: z.boolean(),
  lead_time: z.number().nullish(),
});
const INCLUDE = ['id', 'annotations', ...Object.keys(MARK.shape).map((field) => `annotations.${field}`)].join(',');
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
  const tasks = taskPages(connection, project, { row: ROW, include: INCLUDE, filters: [annotated], query, signal });
  for await (const { id: task, annotations } of tasks)
    for (const mark of annotations)
      yield { task, id: mark.id, updatedAt: mark.updated_at, wasCancelled: mark.was_cancelled, untouched: isUntouched(mark) };
}

/** Label Studio sets both times of a new row, some microseconds apart. */
const SAME_MOMENT = 1000;

function isUntouched({ created_at: created, updated_at: updated, lead_time: seconds }: z.infer<typeof MARK>): boolean {
  return typeof seconds !== 'number' && Date.parse(updated) - Date.parse(created) < SAME_MOMENT;
}
