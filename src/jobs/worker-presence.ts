import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { forgetWorker, reportWorker } from '../store/workers.ts';
import type { Product } from './product/product.ts';

const REPORT_EVERY_MS = 15_000;

/**
 * Lets the server know that this worker is there, until the returned function is called.
 * @param concurrency shards at a time
 */
export async function presentWorker(
  { store, settings, log }: Pick<Product, 'store' | 'settings' | 'log'>,
  concurrency: number,
): Promise<() => Promise<void>> {
  const worker = { id: randomUUID(), machine: hostname(), concurrency, threads: settings.engineThreads };
  await reportWorker(store.db, worker);
  const timer = setInterval(() => {
    reportWorker(store.db, worker).catch((err: unknown) => log.warn({ err }, 'the server is not told of this worker'));
  }, REPORT_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    // Without a database it is forgotten by itself.
    await forgetWorker(store.db, worker.id).catch(() => undefined);
  };
}
