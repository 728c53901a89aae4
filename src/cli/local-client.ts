import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_TOKEN_FILE } from '../server/api-token.ts';
import type { Settings } from '../settings.ts';
import { ApiClient } from './api-client.ts';

/** The server that these settings start, as a client of its REST API; with the token that it made for itself, where it made one. */
export function localClient({
  host,
  port,
  apiToken,
  dataDir,
}: Pick<Settings, 'host' | 'port' | 'apiToken' | 'dataDir'>): ApiClient {
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return new ApiClient(`http://${name}:${port}`, apiToken ?? keptToken(dataDir));
}

function keptToken(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, API_TOKEN_FILE), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
