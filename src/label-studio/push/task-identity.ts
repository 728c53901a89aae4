import { z } from 'zod';

/** `meta.datasetgan` of our tasks: the picture, and in a dataset project also what it belongs to. */
export const TASK_META = z.looseObject({
  generator: z.string(),
  seed: z.number().int(),
  class: z.number().int().nullish(),
  psi: z.number(),
  cutoff: z.number().int().nullish(),
  dataset: z.string().nullish(),
  version: z.string().nullish(),
});

export type TaskMeta = z.infer<typeof TASK_META>;

const META = z.looseObject({ datasetgan: TASK_META });

/** What our task says about itself; undefined when the task is not ours. */
export function taskMeta(meta: unknown): TaskMeta | undefined {
  const parsed = META.safeParse(meta);
  return parsed.success ? parsed.data.datasetgan : undefined;
}

/** Equal for two tasks exactly when they are the same picture of the same dataset. The version does not count: it changes with each training. */
export function taskIdentity(meta: TaskMeta): string {
  const { generator, seed, class: classIndex, psi, cutoff, dataset } = meta;
  return JSON.stringify([generator, seed, classIndex ?? null, psi, cutoff ?? null, dataset ?? null]);
}
