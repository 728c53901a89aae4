import type { Logger } from '../log.ts';
import type { Settings } from '../settings.ts';
import { loggedJob } from './logged-job.ts';
import { type Opened, openProduct, type ProductOptions } from './open-product.ts';
import { checkOrders } from './orders.ts';
import type { Product } from './product.ts';
import { publish } from './publish.ts';
import { reconcile } from './reconcile.ts';
import { refresh } from './refresh.ts';
import { seed } from './seed.ts';
import { synthesize } from './synthesize.ts';
import { train } from './train.ts';
import { validate } from './validate.ts';

export interface StartOptions extends ProductOptions {
  /** Seconds between two looks at every project. */
  readonly reconcileSeconds?: number;
}

/**
 * Opens the product as its server, takes up the jobs that a stopped process left, and starts to work.
 * @throws DatasetGanError `data-folder-locked`, `database-down`, `storage-down`, `disk-full`, `bad-settings`
 */
export async function start(settings: Settings, log: Logger, options: StartOptions = {}): Promise<Opened> {
  const { reconcileSeconds = 60 } = options;
  const { product, close } = await openProduct(settings, log, 'server', options);
  const { queues } = product;
  await work(product);
  await queues.enqueue('reconcile', {});
  const timer = setInterval(() => {
    void queues.enqueue('reconcile', {}).catch((error: unknown) => log.warn({ err: error }, 'the reconciler was not started'));
  }, reconcileSeconds * 1000);
  return {
    product,
    async close() {
      clearInterval(timer);
      await close();
    },
  };
}

async function work(product: Product): Promise<void> {
  const { queues } = product;
  // Jobs wait for Label Studio and the disk as much as for the engine, which has a queue of its own.
  await queues.work('seed', loggedJob(product, 'seed', seed), { concurrency: 2 });
  await queues.work('train', loggedJob(product, 'train', train), { concurrency: 2 });
  await queues.work('refresh', loggedJob(product, 'refresh', refresh), { concurrency: 2 });
  await queues.work('validate', loggedJob(product, 'validate', validate));
  await queues.work('synthesize', loggedJob(product, 'synthesize', synthesize));
  await queues.work('publish', loggedJob(product, 'publish', publish), { concurrency: 2 });
  await queues.work('orders', loggedJob(product, 'orders', checkOrders));
  await queues.work('reconcile', loggedJob(product, 'reconcile', reconcile), { concurrency: 2 });
}
