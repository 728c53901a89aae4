import express from 'express';
import { Registry } from 'prom-client';
import { DatasetGanError } from '../errors.ts';
import { serverBackend } from '../jobs/server-backend.ts';
import { type StartedWorker, startWorker } from '../jobs/start-worker.ts';
import { createLogger } from '../log.ts';
import { shownApiToken } from '../server/api-token.ts';
import { checkTokenBeyondLoopback } from '../server/guards.ts';
import { type Listening, listen } from '../server/listen.ts';
import { requestLog } from '../server/request-log.ts';
import { healthRoutes } from '../server/routes/health.ts';
import { readSettings, type Settings } from '../settings.ts';
import { parseOptions } from './parse-options.ts';
import { stopSignal } from './stop-signal.ts';

/** Seconds that a shard in work may take to end after SIGTERM: about as long as a whole one. */
const DRAIN_SECONDS = 60;

/** `datasetgan worker`: makes the shards of a server's datasets until SIGINT or SIGTERM; a second signal ends at once. */
export async function workerCommand(args: readonly string[]): Promise<number> {
  const { concurrency, port, drain } = readArguments(args);
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
    log.info(failure === undefined ? 'stopping: shards in work are finished first' : 'this machine cannot go on');
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

function readArguments(args: readonly string[]): { concurrency: number; port: number | undefined; drain: number } {
  const options = { concurrency: { type: 'string' }, port: { type: 'string' }, drain: { type: 'string' } } as const;
  const { values, positionals } = parseOptions(args, options);
  if (positionals.length > 0) throw new DatasetGanError('bad-request', `A worker takes options only, not '${positionals[0]}'.`);
  return {
    concurrency: wholeNumber('concurrency', values.concurrency, 1, 256) ?? 1,
    port: wholeNumber('port', values.port, 0, 65_535),
    drain: wholeNumber('drain', values.drain, 0, 86_400) ?? DRAIN_SECONDS,
  };
}

function wholeNumber(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const message = `--${name} must be a whole number from ${least} to ${most}; it is '${text}'.`;
  throw new DatasetGanError('bad-request', message, { fix: 'See datasetgan help.' });
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
  app.use(healthRoutes({ load, unready: () => server.unready() }, registry, checkTokenBeyondLoopback(settings, token)));
  return await listen(app, settings);
}
