import { z } from 'zod';
import type { Connection } from './connection.ts';
import { taskPages } from './task-pages.ts';
import type { TaskFilter } from './task-query.ts';

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

export interface ListTasksOptions {
  /** Besides the id. What is not named is not sent, which makes the list some forty times smaller. */
  readonly fields?: readonly TaskField[];
  readonly filters?: readonly TaskFilter[];
  readonly ids?: readonly number[];
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
