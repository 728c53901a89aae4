import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Engine, type EngineOptions } from '../engine/engine.ts';
import type { DatasetGanError } from '../errors.ts';
import { DEFAULT_SETTINGS, type TrainingSettings } from '../interpreter/recipe.ts';
import { Connections } from '../label-studio/client/connections.ts';
import type { Logger } from '../log.ts';
import type { Settings } from '../settings.ts';
import { Blobs } from '../store/blobs.ts';
import type { JsonObject } from '../store/schema.ts';
import { getOrCreateSetting } from '../store/settings.ts';
import { openStorage } from '../store/storage/open-storage.ts';
import { openStore } from '../store/store.ts';
import { GeneratorLibrary } from '../stylegan/library.ts';
import { DataFolder } from './data-folder.ts';
import { DecodedCache } from './decoded-cache.ts';
import { checkOrders } from './orders.ts';
import type { Product } from './product.ts';
import { publish } from './publish.ts';
import type { JobContext, JobHandler } from './queue/delivery.ts';
import type { QueueKind } from './queue/job-kinds.ts';
import { openQueues } from './queue/queues.ts';
import { reconcile } from './reconcile.ts';
import { refresh } from './refresh.ts';
import { seed } from './seed.ts';
import { synthesize } from './synthesize.ts';
import { train } from './train.ts';
import { validate } from './validate.ts';

export const BUNDLED_GENERATORS = fileURLToPath(new URL('../../model-assets', import.meta.url));

export interface StartOptions {
  /** Seconds between two looks at every project. */
  readonly reconcileSeconds?: number;
  /** The embedded database stopped by itself; the process should end. */
  readonly onFatal?: (error: DatasetGanError) => void;
  readonly now?: () => number;
  /** Another engine than the usual one, such as one that a test slows down or holds back. */
  readonly makeEngine?: (options: EngineOptions) => Engine;
  /** How versions are trained; the recipe's own way when left out. */
  readonly training?: TrainingSettings;
}

export interface Started {
  readonly product: Product;
  /** Puts running jobs back into the queue, then closes the engine and the database. */
  close(): Promise<void>;
}

/**
 * Opens the store, takes up the jobs that a stopped process left, and starts to work.
 * @throws DatasetGanError `data-folder-locked`, `database-down`, `storage-down`, `disk-full`, `bad-settings`
 */
export async function start(settings: Settings, log: Logger, options: StartOptions = {}): Promise<Started> {
  const { reconcileSeconds = 60, onFatal, now = Date.now, training = DEFAULT_SETTINGS } = options;
  const { makeEngine = (wanted) => new Engine(wanted) } = options;
  const storage = await openStorage(settings);
  const store = await openStore({
    dataDir: settings.dataDir,
    ...(settings.databaseUrl === null ? {} : { databaseUrl: settings.databaseUrl }),
    ...(onFatal === undefined ? {} : { onFatal }),
    onError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const folder = new DataFolder(settings.dataDir);
  const engine = makeEngine({ threads: settings.engineThreads, memoryLimit: settings.memoryLimit });
  const queues = await openQueues(store, { onError: (error) => log.warn({ err: error }, 'the job queue had an error') });
  const product: Product = {
    settings,
    log,
    store,
    storage,
    blobs: new Blobs(storage),
    queues,
    engine,
    folder,
    training,
    now,
    generators: new GeneratorLibrary([BUNDLED_GENERATORS, folder.generators]),
    connections: new Connections({ labelStudios: settings.labelStudios }),
    proven: new Map(),
    decoded: new DecodedCache(),
    webhookSecret: await getOrCreateSetting(store.db, 'webhook-secret', () => randomBytes(20).toString('hex')),
  };
  await work(product);
  await queues.enqueue('reconcile', {});
  const timer = setInterval(() => {
    void queues.enqueue('reconcile', {}).catch((error: unknown) => log.warn({ err: error }, 'the reconciler was not started'));
  }, reconcileSeconds * 1000);
  const close = async () => {
    clearInterval(timer);
    await queues.stop();
    await engine.close();
    await store.close();
  };
  return { product, close };
}

async function work(product: Product): Promise<void> {
  const { queues } = product;
  // Jobs wait for Label Studio and the disk as much as for the engine, which has a queue of its own.
  await queues.work('seed', logged(product, 'seed', seed), { concurrency: 2 });
  await queues.work('train', logged(product, 'train', train), { concurrency: 2 });
  await queues.work('refresh', logged(product, 'refresh', refresh), { concurrency: 2 });
  await queues.work('validate', logged(product, 'validate', validate));
  await queues.work('synthesize', logged(product, 'synthesize', synthesize));
  await queues.work('publish', logged(product, 'publish', publish), { concurrency: 2 });
  await queues.work('orders', logged(product, 'orders', checkOrders));
  await queues.work('reconcile', logged(product, 'reconcile', reconcile), { concurrency: 2 });
}

/** Runs all the time, mostly without anything to tell. */
const HOUSEKEEPING: ReadonlySet<QueueKind> = new Set(['reconcile', 'orders']);

/** What becomes of a job goes to the log as well as into its record. */
function logged<K extends QueueKind>(
  product: Product,
  kind: K,
  run: (product: Product, context: JobContext<K>) => Promise<JsonObject>,
): JobHandler<K> {
  return async (context) => {
    const log = product.log.child({ job: context.jobId, kind });
    const about = 'datasetId' in context.input ? { dataset: context.input.datasetId } : { project: context.input.projectKey };
    const began = performance.now();
    try {
      const result = await run(product, context);
      log[HOUSEKEEPING.has(kind) ? 'debug' : 'info']({ ...about, result, ms: Math.round(performance.now() - began) }, 'job done');
      return result;
    } catch (error) {
      if (context.signal.aborted) log.info(about, 'job stopped');
      else log.error({ ...about, err: error }, 'job failed; it is tried again if that may help');
      throw error;
    }
  };
}
