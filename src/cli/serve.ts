import type { Product } from '../jobs/product/product.ts';
import { productBackend } from '../jobs/product-backend.ts';
import { type StartOptions, start } from '../jobs/start.ts';
import type { Logger } from '../log.ts';
import { shownApiToken } from '../server/api-token.ts';
import { createServer } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import { bodyParser } from '../server/parse-body.ts';
import type { Settings } from '../settings.ts';
import { recordRunning } from './running-server.ts';

export interface Serving {
  readonly url: string;
  readonly apiToken: string | null;
  readonly product: Product;
  /** Stops accepting, lets requests end, puts running jobs back, closes the database. */
  close(): Promise<void>;
}

/**
 * Starts the whole product: database, jobs, HTTP server.
 * @throws DatasetGanError `port-taken`, `data-folder-locked`, `database-in-use`, `database-down`, `bad-settings`, `disk-full`
 */
export async function serve(settings: Settings, log: Logger, options: StartOptions = {}): Promise<Serving> {
  const token = await shownApiToken(settings);
  const { product, close } = await start(settings, log, options);
  try {
    const closing = new AbortController();
    const app = createServer(productBackend(product), {
      settings,
      apiToken: token,
      logger: log,
      parse: bodyParser(product.engine),
      closing: closing.signal,
    });
    const listening = await listen(app, settings);
    const forget = recordRunning(settings.dataDir, listening.url);
    return {
      url: listening.url,
      apiToken: token,
      product,
      async close() {
        forget();
        closing.abort();
        try {
          await listening.close();
        } finally {
          await close();
        }
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
