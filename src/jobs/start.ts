import type { Logger } from '../log.ts';
import type { Settings } from '../settings.ts';
import { listJobs } from '../store/jobs.ts';
import { exportFiles } from './datasets/files/export.ts';
import { describeDataset } from './datasets/publish/describe-dataset.ts';
import { publish } from './datasets/publish/publish.ts';
import { makeShard } from './datasets/shards/shard.ts';
import { synthesize } from './datasets/shards/synthesize.ts';
import { importCheckpoint } from './generators/import-checkpoint.ts';
import { removeLostUploads } from './generators/uploads.ts';
import { loggedJob } from './logged-job.ts';
import { type Opened, openProduct, type ProductOptions } from './open-product.ts';
import { checkOrders } from './orders/orders.ts';
import { readPictures } from './predictions/read-pictures.ts';
import { refresh } from './predictions/refresh.ts';
import { seed } from './predictions/seed.ts';
import type { Product } from './product/product.ts';
import { connectProjects } from './projects/connect-projects.ts';
import { inputOf } from './queue/job-kinds.ts';
import { reconcile } from './reconcile.ts';
import { train } from './training/train.ts';
import { validate } from './training/validate.ts';

export interface StartOptions extends ProductOptions {
  /** Seconds between two looks at every project. */
  readonly reconcileSeconds?: number;
  /** Make pairs in this process (default), not only in workers that join. */
  readonly makeShards?: boolean;
}

/**
 * Opens the product as its server, takes up the jobs that a stopped process left, and starts to work.
 * @throws DatasetGanError `data-folder-locked`, `database-in-use`, `database-down`, `storage-down`, `disk-full`, `bad-settings`
 */
export async function start(settings: Settings, log: Logger, options: StartOptions = {}): Promise<Opened> {
  const { reconcileSeconds = 60, makeShards = true } = options;
  const { product, close } = await openProduct(settings, log, 'server', options);
  const { queues } = product;
  try {
    await removeLostUploads(product.folder.uploads, await waitingFiles(product));
    await work(product, makeShards);
    await queues.enqueue('reconcile', {});
  } catch (error) {
    await close();
    throw error;
  }
  const timer = setInterval(() => {
    void queues.enqueue('reconcile', {}).catch((error: unknown) => log.warn({ err: error }, 'starting the reconciler failed'));
  }, reconcileSeconds * 1000);
  return {
    product,
    async close(how) {
      clearInterval(timer);
      await close(how);
    },
  };
}

/** What imports are still to read. */
async function waitingFiles({ store }: Product): Promise<string[]> {
  const jobs = await listJobs(store.db, { kinds: ['import'], states: ['queued', 'running'], limit: 10_000 });
  return jobs.map((job) => inputOf(job, 'import').file);
}

async function work(product: Product, makeShards: boolean): Promise<void> {
  const { queues } = product;
  // Jobs wait for Label Studio and the disk as much as for the engine, which has a queue of its own.
  await queues.work('seed', loggedJob(product, 'seed', seed), { concurrency: 2 });
  await queues.work('read', loggedJob(product, 'read', readPictures), { concurrency: 2 });
  await queues.work('import', loggedJob(product, 'import', importCheckpoint));
  await queues.work('train', loggedJob(product, 'train', train), { concurrency: 2 });
  await queues.work('refresh', loggedJob(product, 'refresh', refresh), { concurrency: 2 });
  await queues.work('validate', loggedJob(product, 'validate', validate));
  // It only watches over its shards.
  await queues.work('synthesize', loggedJob(product, 'synthesize', synthesize), { concurrency: 8 });
  if (makeShards) await queues.work('shard', loggedJob(product, 'shard', makeShard), { concurrency: 2 });
  await queues.work('describe', loggedJob(product, 'describe', describeDataset));
  await queues.work('publish', loggedJob(product, 'publish', publish), { concurrency: 2 });
  await queues.work('export', loggedJob(product, 'export', exportFiles), { concurrency: 2 });
  await queues.work('orders', loggedJob(product, 'orders', checkOrders));
  await queues.work('connect', loggedJob(product, 'connect', connectProjects));
  await queues.work('reconcile', loggedJob(product, 'reconcile', reconcile), { concurrency: 2 });
}
