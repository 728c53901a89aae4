import type { Settings } from '../settings.ts';
import { ApiClient } from './api-client.ts';
import { findServer } from './running-server.ts';

/** The server that these settings mean, or that runs with their DATA_DIR, as a client of its REST API. Says so where it is the demo's. */
export function localClient(settings: Pick<Settings, 'host' | 'port' | 'apiToken' | 'dataDir'>): ApiClient {
  const { url, token, by } = findServer(settings);
  if (by === 'demo') process.stderr.write(`Asking the demo's server at ${url}.\n`);
  return new ApiClient(url, token);
}
