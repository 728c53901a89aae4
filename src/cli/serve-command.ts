import { once } from 'node:events';
import { DatasetGanError } from '../errors.ts';
import { createLogger } from '../log.ts';
import { readSettings, type Settings } from '../settings.ts';
import { endProcess } from './end-process.ts';
import { serve } from './serve.ts';
import { stopSignal } from './stop-signal.ts';

export interface ServeOptions {
  /** Goes before the setting HOST. */
  readonly host?: string;
  /** Goes before the setting PORT. */
  readonly port?: string;
  /** This server makes pairs itself; without, workers make them. */
  readonly work: boolean;
}

/** `datasetgan serve`: runs until SIGINT or SIGTERM; a second signal ends at once. */
export async function serveCommand({ host, port, work }: ServeOptions): Promise<number> {
  const given = { ...(host === undefined ? {} : { HOST: host }), ...(port === undefined ? {} : { PORT: port }) };
  const settings = readSettings({ ...process.env, ...given });
  if (!work) requireShared(settings);
  const log = createLogger(settings.logLevel);
  const serving = await serve(settings, log, {
    makeShards: work,
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

function requireShared({ databaseUrl, storage }: Settings): void {
  if (databaseUrl !== null && storage !== null) return;
  throw new DatasetGanError('bad-settings', 'With --no-work only workers make pairs, but no worker can connect to this server.', {
    fix: 'Set DATABASE_URL and STORAGE_URL, or omit --no-work.',
  });
}
