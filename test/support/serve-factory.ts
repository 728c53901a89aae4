import type { AddressInfo } from 'node:net';
import { createServer } from '../../src/server/app.ts';
import { bodyParser } from '../../src/server/parse-body.ts';
import type { DatasetFactory } from './dataset-factory.ts';

/** The REST API of a factory on a free port, without a token. `close` ends the factory, too. */
export async function serveFactory(factory: DatasetFactory): Promise<{ readonly port: string; close(): Promise<void> }> {
  const { settings, engine, log } = factory.product;
  const app = createServer(factory.backend, { settings, apiToken: null, logger: log, parse: bodyParser(engine) });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((go) => server.once('listening', go));
  return {
    port: String((server.address() as AddressInfo).port),
    async close() {
      server.closeAllConnections();
      await new Promise((go) => server.close(go));
      await factory.close();
    },
  };
}
