import { once } from 'node:events';
import { DatasetGanError } from '../errors.ts';
import { createLogger } from '../log.ts';
import { readSettings, type Settings } from '../settings.ts';
import { endProcess } from './end-process.ts';
import { parseOptions } from './parse-options.ts';
import { serve } from './serve.ts';
import { stopSignal } from './stop-signal.ts';

/** `datasetgan serve [--host H] [--port P] [--no-work]`: runs until SIGINT or SIGTERM; a second signal ends at once. */
export async function serveCommand(args: readonly string[]): Promise<number> {
  const { makeShards, env } = readArguments(args);
  const settings = readSettings({ ...process.env, ...env });
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

/** Options that are settings too go before these. */
function readArguments(args: readonly string[]): { makeShards: boolean; env: Readonly<Record<string, string>> } {
  const options = { host: { type: 'string' }, port: { type: 'string' }, 'no-work': { type: 'boolean' } } as const;
  const { values, positionals } = parseOptions(args, options);
  if (positionals.length > 0)
    throw new DatasetGanError('bad-request', `serve takes options only, not '${positionals[0]}'.`, {
      fix: 'See datasetgan help.',
    });
  const { host, port, 'no-work': noWork = false } = values;
  const env = { ...(host === undefined ? {} : { HOST: host }), ...(port === undefined ? {} : { PORT: port }) };
  return { makeShards: !noWork, env };
}

function requireShared({ databaseUrl, storage }: Settings): void {
  if (databaseUrl !== null && storage !== null) return;
  throw new DatasetGanError('bad-settings', 'With --no-work, workers make the pairs, but no worker can join this server.', {
    fix: 'Set DATABASE_URL and STORAGE_URL, or leave --no-work out.',
  });
}
