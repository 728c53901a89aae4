import { z } from 'zod';

const taskMetaSchema = z.object({
  generator: z.string().min(1),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  class: z.int().min(0).nullable().default(null),
  psi: z.number(),
  cutoff: z.int().min(0).nullable().default(null),
  dataset: z.string().optional(),
  version: z.string().optional(),
});

/**
 * Which picture a task shows: the five things that make it (generator id, seed, class or null, truncation psi, cutoff or null for all layers), and in a
 * dataset project the dataset and the version that labelled it.
 */
export type TaskMeta = Readonly<z.output<typeof taskMetaSchema>>;

/** `meta` of a task of ours. */
export const metaOf = (picture: TaskMeta): { readonly datasetgan: TaskMeta } => ({ datasetgan: picture });

/** What `task.meta` says about its picture; null when the task is not ours. */
export function parseTaskMeta(meta: unknown): TaskMeta | null {
  return z.object({ datasetgan: taskMetaSchema }).safeParse(meta).data?.datasetgan ?? null;
}

/** Equal for two tasks exactly when they are the same picture of the same dataset. The version does not count: it changes with each training. */
export function taskIdentity({ generator, seed, class: classIndex, psi, cutoff, dataset }: TaskMeta): string {
  return JSON.stringify([generator, seed, classIndex, psi, cutoff, dataset ?? null]);
}
