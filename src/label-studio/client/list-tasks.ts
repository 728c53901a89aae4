import { z } from 'zod';
import type { Connection } from './connection.ts';
import { encodeTaskQuery, idAfter, type TaskFilter } from './task-query.ts';

/** What a task in a list may carry; only the fields asked for are there. */
export const TASK = z.looseObject({
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

const PAGE = z.looseObject({ total: z.number(), tasks: z.array(TASK) });
const PAGE_SIZE = 500;

export interface ListTasksOptions {
  /** Besides the id. What is not named is not sent, which makes the list some forty times smaller. */
  readonly fields?: readonly TaskField[];
  readonly filters?: readonly TaskFilter[];
  readonly ids?: readonly number[];
  readonly pageSize?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tasks of a project by ascending id, each once: a page starts after the last id of the one before, so that tasks deleted or made meanwhile
 * shift nothing. Where the project evaluates predictions automatically (deprecated, off), Label Studio asks our /predict for listed tasks.
 */
export async function* listTasks(connection: Connection, project: number, options: ListTasksOptions = {}): AsyncGenerator<Task> {
  const { fields = [], filters = [], ids, pageSize = PAGE_SIZE, signal } = options;
  let last = 0;
  for (;;) {
    const query = encodeTaskQuery({ filters: [...filters, idAfter(last)], order: 'id', ...(ids === undefined ? {} : { ids }) });
    const { total, tasks } = await connection.json(PAGE, {
      method: 'GET',
      path: '/api/tasks/',
      query: {
        project,
        page: 1,
        page_size: pageSize,
        include: ['id', ...fields].join(','),
        resolve_uri: false,
        query,
        // Label Studio computes this column only for `all`; `include` still keeps the heavy ones out.
        ...(fields.includes('predictions_model_versions') ? { fields: 'all' } : {}),
      },
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
