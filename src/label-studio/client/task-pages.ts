import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import type { Request } from '../connection/transport.ts';
import { encodeTaskQuery, idAfter, type TaskFilter } from './task-query.ts';

export interface TaskPages<Task extends { readonly id: number }> {
  readonly row: z.ZodType<Task>;
  /** What is sent of each task. */
  readonly include: string;
  readonly filters: readonly TaskFilter[];
  readonly ids?: readonly number[] | undefined;
  readonly pageSize?: number;
  /** Parameters besides. */
  readonly query?: Request['query'];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tasks of a project by ascending id, each once: a page starts after the last id of the one before, so that tasks deleted or made meanwhile
 * shift nothing.
 */
export async function* taskPages<Task extends { readonly id: number }>(
  connection: Connection,
  project: number,
  { row, include, filters, ids, pageSize = 500, query = {}, signal }: TaskPages<Task>,
): AsyncGenerator<Task> {
  const page = z.looseObject({ total: z.number(), tasks: z.array(row) });
  let last = 0;
  for (;;) {
    const asked = encodeTaskQuery({ filters: [...filters, idAfter(last)], order: 'id', ids });
    const { total, tasks } = await connection.json(page, {
      method: 'GET',
      path: '/api/tasks/',
      query: { project, page: 1, page_size: pageSize, include, resolve_uri: false, query: asked, ...query },
      timeout: 120_000,
      signal,
    });
    for (const task of tasks) {
      if (task.id > last) yield task;
      last = Math.max(last, task.id);
    }
    if (tasks.length === 0 || tasks.length >= total) return;
  }
}
