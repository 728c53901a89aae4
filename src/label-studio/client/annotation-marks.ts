import { z } from 'zod';
import type { Connection } from './connection.ts';
import { annotated, encodeTaskQuery, idAfter } from './task-query.ts';

const MARK = z.looseObject({ id: z.number(), updated_at: z.string(), was_cancelled: z.boolean() });
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
}

/**
 * The annotations of every task that has one which is not a skip (skips of these tasks included), about 100 bytes each: enough to see what
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
        include: 'id,annotations,annotations.id,annotations.updated_at,annotations.was_cancelled',
        resolve_uri: false,
        query: encodeTaskQuery({ filters: [annotated, idAfter(last)], order: 'id' }),
      },
      timeout: 120_000,
      signal,
    });
    for (const { id: task, annotations } of tasks) {
      if (task > last)
        for (const { id, updated_at, was_cancelled } of annotations)
          yield { task, id, updatedAt: updated_at, wasCancelled: was_cancelled };
      last = Math.max(last, task);
    }
    if (tasks.length === 0 || tasks.length >= total) return;
  }
}
