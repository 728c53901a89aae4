import { z } from 'zod';
import type { Connection } from './connection.ts';
import { annotated, encodeTaskQuery, idAfter } from './task-query.ts';

const MARK = z.looseObject({
  id: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  was_cancelled: z.boolean(),
  lead_time: z.number().nullish(),
});
const INCLUDE = ['id', 'annotations', ...Object.keys(MARK.shape).map((field) => `annotations.${field}`)].join(',');
const PAGE = z.looseObject({
  total: z.number(),
  tasks: z.array(z.looseObject({ id: z.number(), annotations: z.array(MARK) })),
});

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
  let last = 0;
  for (;;) {
    const { total, tasks } = await connection.json(PAGE, {
      method: 'GET',
      path: '/api/tasks/',
      query: {
        project,
        page: 1,
        page_size: 500,
        fields: 'all',
        expand: 'annotations',
        include: INCLUDE,
        resolve_uri: false,
        query: encodeTaskQuery({ filters: [annotated, idAfter(last)], order: 'id' }),
      },
      timeout: 120_000,
      signal,
    });
    for (const { id: task, annotations } of tasks) {
      if (task > last)
        for (const mark of annotations)
          yield { task, id: mark.id, updatedAt: mark.updated_at, wasCancelled: mark.was_cancelled, untouched: isUntouched(mark) };
      last = Math.max(last, task);
    }
    if (tasks.length === 0 || tasks.length >= total) return;
  }
}

/** Label Studio sets both times of a new row, some microseconds apart. */
const SAME_MOMENT = 1000;

function isUntouched({ created_at: created, updated_at: updated, lead_time: seconds }: z.infer<typeof MARK>): boolean {
  return typeof seconds !== 'number' && Date.parse(updated) - Date.parse(created) < SAME_MOMENT;
}
