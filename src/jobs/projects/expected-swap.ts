import { listJobs } from '../../store/jobs.ts';
import type { JobRow, Project } from '../../store/schema.ts';
import { getVersion } from '../../store/versions.ts';
import type { Product } from '../product/product.ts';
import { trainingOf } from '../product/version-record.ts';

/** From the request to the swap, a training takes this long beside its own seconds: reading the annotations, storing the version, showing it. */
const AROUND_TRAINING_MS = 1000;

/** The training of the project that waits or runs, the newest of several. */
export async function trainingUnderWay({ store }: Pick<Product, 'store'>, projectKey: string): Promise<JobRow | undefined> {
  const [job] = await listJobs(store.db, { projectKey, kinds: ['train'], states: ['queued', 'running'], limit: 1 });
  return job;
}

/**
 * Whether a new version should be current by `limit` (milliseconds since the epoch): a training is under way, and the one before, which had about as many
 * pictures, would be done by then. Where there was none before, it is hoped for.
 */
export async function isSwapExpected(
  product: Pick<Product, 'store' | 'now'>,
  { key, current_version: version }: Pick<Project, 'key' | 'current_version'>,
  limit: number,
): Promise<boolean> {
  const { store, now } = product;
  const job = await trainingUnderWay(product, key);
  if (job === undefined || limit <= now()) return false;
  const before = version === null ? undefined : await getVersion(store.db, version);
  if (before === undefined) return true;
  const began = job.started_at?.getTime() ?? now();
  return began + 1000 * trainingOf(before).seconds.total + AROUND_TRAINING_MS <= limit;
}
