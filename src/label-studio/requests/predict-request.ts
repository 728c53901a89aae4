import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';

export interface PredictTask {
  readonly id: number | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: unknown;
}

/** `POST /predict`. Answered with exactly one entry per task, in order. */
export interface PredictRequest {
  readonly tasks: readonly PredictTask[];
  /** `<id>.<created_at unix seconds>`; null when the caller does not say. */
  readonly project: string | null;
  readonly labelConfig: string | null;
  /** Interactive prompts are in here; null for batch. */
  readonly context: unknown;
  /** Milliseconds since the epoch after which remaining tasks are answered with []. */
  readonly deadline: number;
}

const record = z.record(z.string(), z.unknown());
const taskSchema = z.object({ id: z.int().min(1).nullable().catch(null), data: record.catch({}), meta: z.unknown().optional() });
const predictSchema = z.object({
  tasks: z.union([z.array(z.unknown()), record.transform((task) => [task])]),
  project: z.union([z.string(), z.number().transform(String)]).nullish(),
  label_config: z.string().nullish(),
  params: z.object({ context: z.unknown().optional() }).nullish().catch(null),
});

/**
 * Of each task only id, data and meta are kept: its annotations and earlier predictions travel along and can be large. An entry that is not a task stays
 * one, without data, so that the answer has its place.
 *
 * @throws DatasetGanError `bad-request` without tasks
 */
export function parsePredictRequest(body: unknown, deadline: number): PredictRequest {
  const { data, error } = predictSchema.safeParse(body);
  if (data === undefined) throw new DatasetGanError('bad-request', `/predict needs tasks: ${z.prettifyError(error)}`);
  const tasks = data.tasks.map((value): PredictTask => {
    const task = taskSchema.safeParse(value).data;
    return { id: task?.id ?? null, data: task?.data ?? {}, meta: task?.meta ?? null };
  });
  const context = data.params?.context;
  const isEmpty = typeof context !== 'object' || context === null || Object.keys(context).length === 0;
  return {
    tasks,
    project: data.project || null,
    labelConfig: data.label_config || null,
    context: isEmpty ? null : context,
    deadline,
  };
}
