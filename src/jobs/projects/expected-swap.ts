import { listJobs } from '../../store/jobs.ts';
import type { Project } from '../../store/schema.ts';
import { getVersion } from '../../store/versions.ts';
import type { Product } from '../product/product.ts';
import { recordOf } from '../product/version-record.ts';

/** From the request to the swap, a training takes this long beside its own seconds: reading the annotations, storing the version, showing it. */
const AROUND_TRAINING_MS = 1000;

/** Whether a training of the project waits or runs. */
export async function isTraining({ store }: Pick<Product, 'store'>, projectKey: string): Promise<boolean> {
  return (await listJobs(store.db, { projectKey, kinds: ['train'], states: ['queued', 'running'], limit: 1 })).length > 0;
}

/**
 * Whether a new version should be current by `limit` (milliseconds since the epoch): a training is under way, and the one before, which had about as many
 * pictures, would be done by then. Where there was none before, it is hoped for.
 */
export async function isSwapExpected(
  { store, now }: Pick<Product, 'store' | 'now'>,
  { key, current_version: version }: Pick<Project, 'key' | 'current_version'>,
  limit: number,
): Promise<boolean> {
  const [job] = await listJobs(store.db, { projectKey: key, kinds: ['train'], states: ['queued', 'running'], limit: 1 });
  if (job === undefined || limit <= now()) return false;
  const before = version === null ? undefined : await getVersion(store.db, version);
  if (before === undefined) return true;
  const began = job.started_at?.getTime() ?? now();
  return began + 1000 * recordOf(before).seconds.total + AROUND_TRAINING_MS <= limit;
}
