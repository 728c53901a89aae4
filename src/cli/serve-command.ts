import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { DatasetGanError, toError } from '../errors.ts';
import { createLogger } from '../log.ts';
import { readSettings, type Settings } from '../settings.ts';
import { endProcess } from './end-process.ts';
import { serve } from './serve.ts';
import { stopSignal } from './stop-signal.ts';

/** `datasetgan serve [--no-work]`: runs until SIGINT or SIGTERM; a second signal ends at once. */
export async function serveCommand(args: readonly string[]): Promise<number> {
  const makeShards = !readNoWork(args);
  const settings = readSettings(process.env);
  if (!makeShards) requireShared(settings);
  const log = createLogger(settings.logLevel);
  const serving = await serve(settings, log, {
    makeShards,
    onFatal: (error) => {
      process.stderr.write(`${error.message}\n→ ${error.fix ?? ''}\n`);
      void endProcess(1);
    },
  });
  log.info(
    { url: serving.url, labelStudios: settings.labelStudios.map(({ url }) => url) },
    `connect Label Studio to ${serving.url}`,
  );
  const { signal } = stopSignal();
  await once(signal, 'abort');
  log.info('stopping: running jobs go back into the queue');
  await serving.close();
  log.info('stopped');
  return 0;
}

function readNoWork(args: readonly string[]): boolean {
  try {
    return parseArgs({ args: [...args], options: { 'no-work': { type: 'boolean', default: false } } }).values['no-work'];
  } catch (cause) {
    throw new DatasetGanError('bad-request', toError(cause).message, { fix: 'See datasetgan help.', cause });
  }
}

function requireShared({ databaseUrl, storage }: Settings): void {
  if (databaseUrl !== null && storage !== null) return;
  throw new DatasetGanError('bad-settings', 'With --no-work, workers make the pairs, but no worker can join this server.', {
    fix: 'Set DATABASE_URL and STORAGE_URL, or leave --no-work out.',
  });
}
