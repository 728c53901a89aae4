import type { Settings } from '../settings.ts';
import { ApiClient } from './api-client.ts';

/** The server that these settings start, as a client of its REST API. */
export function localClient({ host, port, apiToken }: Pick<Settings, 'host' | 'port' | 'apiToken'>): ApiClient {
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return new ApiClient(`http://${name}:${port}`, apiToken ?? undefined);
}
