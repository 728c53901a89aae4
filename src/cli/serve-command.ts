import { once } from 'node:events';
import { createLogger } from '../log.ts';
import { readSettings } from '../settings.ts';
import { serve } from './serve.ts';
import { stopSignal } from './stop-signal.ts';

/** `datasetgan serve`: runs until SIGINT or SIGTERM; a second signal ends at once. */
export async function serveCommand(): Promise<number> {
  const settings = readSettings(process.env);
  const log = createLogger(settings.logLevel);
  const serving = await serve(settings, log, {
    onFatal: (error) => {
      process.stderr.write(`${error.message}\n→ ${error.fix ?? ''}\n`);
      process.exit(1);
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
