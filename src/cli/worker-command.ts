import express from 'express';
import { Registry } from 'prom-client';
import type { DatasetGanError } from '../errors.ts';
import { serverBackend } from '../jobs/server-backend.ts';
import { type StartedWorker, startWorker } from '../jobs/start-worker.ts';
import { createLogger } from '../log.ts';
import { shownApiToken } from '../server/api-token.ts';
import { checkTokenBeyondLoopback } from '../server/guards.ts';
import { type Listening, listen } from '../server/listen.ts';
import { requestLog } from '../server/request-log.ts';
import { healthRoutes } from '../server/routes/health.ts';
import { readSettings, type Settings } from '../settings.ts';
import { stopSignal } from './stop-signal.ts';

export interface WorkerOptions {
  /** Shards at a time. */
  readonly concurrency: number;
  /** Seconds that a shard in work may take to end after SIGTERM. */
  readonly drain: number;
  /** Of /livez, /readyz and /metrics. */
  readonly port?: number;
}

/** `datasetgan worker`: makes the shards of a server's datasets until SIGINT or SIGTERM; a second signal ends at once. */
export async function workerCommand({ concurrency, port, drain }: WorkerOptions): Promise<number> {
  const settings = readSettings(process.env);
  const log = createLogger(settings.logLevel);
  const { signal } = stopSignal();
  const worker = await startWorker(settings, log, { concurrency });
  let listening: Listening | undefined;
  let failure: DatasetGanError | undefined;
  try {
    listening = port === undefined ? undefined : await listenForHealth(worker, { ...settings, port });
    log.info({ concurrency, storage: worker.product.storage.place, health: listening?.url }, 'worker joined');
    failure = await Promise.race([worker.unfit, stopped(signal)]);
    log.info(failure === undefined ? 'stopping after the current shards' : 'this machine cannot continue');
  } finally {
    try {
      await worker.close(failure === undefined ? { finish: drain * 1000 } : {});
    } finally {
      await listening?.close(0);
    }
  }
  if (failure !== undefined) throw failure;
  log.info('stopped');
  return 0;
}

function stopped(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** The server's /livez, /readyz and /metrics, and nothing else. */
async function listenForHealth(worker: StartedWorker, settings: Settings): Promise<Listening> {
  const token = await shownApiToken(settings);
  const server = serverBackend(worker.product);
  const load = async () => ({ ...(await server.load()), engine: worker.load() });
  const registry = new Registry();
  const app = express().disable('x-powered-by');
  app.use(requestLog(worker.product.log, registry));
  app.use(healthRoutes({ ...server, load }, registry, checkTokenBeyondLoopback(settings, token)));
  return await listen(app, settings);
}
