import { z } from 'zod';

/** A prediction as the API has it. An export may give only its id. */
const predictionRowSchema = z.object({
  id: z.number().nullish(),
  model_version: z.string().nullish(),
  result: z.array(z.unknown()),
});

const annotationSchema = z.object({
  id: z.number(),
  updated_at: z.string().nullish(),
  created_at: z.string().nullish(),
  was_cancelled: z.boolean().nullish(),
  lead_time: z.number().nullish(),
  /** Id of the user; exports of some versions have an object there. */
  completed_by: z.number().nullish().catch(null),
  parent_prediction: z.number().nullish(),
  result: z.unknown().optional(),
  prediction: z.unknown().optional(),
});
export type Annotation = z.infer<typeof annotationSchema>;

const taskSchema = z.object({
  id: z.number(),
  data: z.record(z.string(), z.unknown()).nullish().catch(null),
  meta: z.unknown().optional(),
  annotations: z.array(z.unknown()).nullish(),
  predictions: z.array(z.unknown()).nullish(),
});

export interface PredictionRow {
  readonly id: number | null;
  readonly version: string | null;
  readonly result: readonly unknown[];
}

export interface AnnotatedTask {
  readonly id: number;
  /** Addresses of its pictures, among others. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: unknown;
  readonly annotations: readonly Annotation[];
  /** Rows that came with their result, those seen while annotating included. */
  readonly predictions: readonly PredictionRow[];
  /** One line for each annotation that has not even the form of one. */
  readonly malformed: readonly string[];
}

/** A task of an export or of the API's task list; null when it is none. Unknown keys, and keys of other versions of Label Studio, are ignored. */
export function parseAnnotatedTask(value: unknown): AnnotatedTask | null {
  const { data: task } = taskSchema.safeParse(value);
  if (task === undefined) return null;
  const annotations: Annotation[] = [];
  const malformed: string[] = [];
  for (const entry of task.annotations ?? []) {
    const { data, error } = annotationSchema.safeParse(entry);
    if (data !== undefined) annotations.push(data);
    else malformed.push(`task ${task.id}: one of its annotations cannot be read (${error.issues[0]?.path.join('.')})`);
  }
  const rows = [...(task.predictions ?? []), ...annotations.map(({ prediction }) => prediction)];
  const predictions = rows.flatMap((row) => {
    const { data } = predictionRowSchema.safeParse(row);
    return data === undefined ? [] : [{ id: data.id ?? null, version: data.model_version ?? null, result: data.result }];
  });
  return { id: task.id, data: task.data ?? {}, meta: task.meta, annotations, predictions, malformed };
}
