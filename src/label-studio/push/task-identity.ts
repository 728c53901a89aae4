import type { TaskMeta } from '../annotations/task-meta.ts';

/** Equal for two tasks exactly when they are the same picture of the same dataset. The version does not count: it changes with each training. */
export function taskIdentity({ generator, seed, class: classIndex, psi, cutoff, dataset }: TaskMeta): string {
  return JSON.stringify([generator, seed, classIndex, psi, cutoff, dataset ?? null]);
}
