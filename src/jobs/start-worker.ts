import { Engine } from '../engine/engine.ts';
import { DatasetGanError, type ErrorCode, toError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Settings } from '../settings.ts';
import { makeShard } from './datasets/shards/shard.ts';
import { loggedJob } from './logged-job.ts';
import { type Opened, openProduct, type ProductOptions } from './open-product.ts';
import type { Product } from './product/product.ts';
import type { JobContext } from './queue/delivery.ts';
import { requireSameRelease } from './server-record.ts';
import { presentWorker } from './worker-presence.ts';

export interface WorkerOptions extends ProductOptions {
  /** Shards at a time, each with its share of ENGINE_THREADS and MEMORY_LIMIT. Default 1. */
  readonly concurrency?: number;
}

export interface StartedWorker extends Opened {
  /** The engines' tasks, running or waiting, by lane. */
  load(): ReturnType<Engine['load']>;
  /** Resolves when this machine cannot go on, with the reason; the worker should then be closed. */
  readonly unfit: Promise<DatasetGanError>;
}

/** Failures of this machine, not of the shard: another worker may well make it. */
const OF_THIS_MACHINE: ReadonlySet<ErrorCode> = new Set(['wrong-release', 'out-of-memory', 'disk-full', 'bad-settings']);

/**
 * Joins the server of DATABASE_URL and makes its shards: weights and generators come from the shared storage, and what is made goes there. Any
 * number of workers may come and go; one that dies loses nothing but the shards it had begun, which others begin again.
 * @throws DatasetGanError `bad-settings`, `wrong-release`, `database-down`, `storage-down`, `disk-full`
 */
export async function startWorker(settings: Settings, log: Logger, options: WorkerOptions = {}): Promise<StartedWorker> {
  requireJoined(settings);
  const { concurrency = 1, makeEngine = (wanted) => new Engine(wanted) } = options;
  const share = {
    threads: Math.max(1, Math.floor(settings.engineThreads / concurrency)),
    memoryLimit: Math.floor(settings.memoryLimit / concurrency),
  };
  const own: Settings = { ...settings, engineThreads: share.threads, memoryLimit: share.memoryLimit };
  const opened = await openProduct(own, log, 'worker', options);
  const more = Array.from({ length: concurrency - 1 }, () => makeEngine(share));
  const engines = [opened.product.engine, ...more];
  const { promise: unfit, resolve: giveUp } = Promise.withResolvers<DatasetGanError>();
  const work = async (product: Product, context: JobContext<'shard'>) => {
    try {
      await requireSameRelease(product.store.db);
      return await makeShard(product, context);
    } catch (thrown) {
      const error = toError(thrown);
      if (!OF_THIS_MACHINE.has(error.code)) throw error;
      giveUp(error);
      // The worker is closed now, which puts the shard back into the queue as if it had not been begun.
      await aborted(context.signal);
      throw error;
    }
  };
  let leave = async () => {};
  const close: Opened['close'] = async (how) => {
    try {
      await leave();
      await opened.close(how);
    } finally {
      await Promise.all(more.map((engine) => engine.close()));
    }
  };
  try {
    leave = await presentWorker(opened.product, concurrency);
    for (const engine of engines) {
      const product = { ...opened.product, engine };
      await product.queues.work('shard', loggedJob(product, 'shard', work));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    product: opened.product,
    unfit,
    load: () => engines.map((engine) => engine.load()).reduce(addLoads),
    close,
  };
}

function requireJoined({ databaseUrl, storage }: Settings): void {
  if (databaseUrl === null)
    throw new DatasetGanError('bad-settings', 'A worker needs the PostgreSQL of its server, but DATABASE_URL is not set.', {
      fix: 'Use the DATABASE_URL of datasetgan serve.',
    });
  if (storage === null)
    throw new DatasetGanError(
      'bad-settings',
      'A worker stores its pairs where all machines read them, but STORAGE_URL is not set.',
      { fix: 'Use the STORAGE_URL of datasetgan serve.' },
    );
}

function addLoads(a: ReturnType<Engine['load']>, b: ReturnType<Engine['load']>): ReturnType<Engine['load']> {
  return { interactive: a.interactive + b.interactive, batch: a.batch + b.batch, codec: a.codec + b.codec };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
