import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { API_TOKEN_FILE } from '../server/api-token.ts';
import type { Settings } from '../settings.ts';
import { demoFolder, demoServerFolder } from './demo/demo-folders.ts';

/** In the data folder of a server, while it runs. */
const RECORD_FILE = 'running.json';
const RECORD = z.object({ pid: z.int(), url: z.string() });

export interface FoundServer {
  /** Address for this machine's programs. */
  readonly url: string;
  readonly token: string | undefined;
  /** Why this address: what PORT says, a server that runs with this DATA_DIR, its demo, or nothing better was known. */
  readonly by: 'PORT' | 'DATA_DIR' | 'demo' | 'default';
}

type Place = Pick<Settings, 'host' | 'port' | 'apiToken' | 'dataDir'>;

/** Writes down that a server runs, so that commands find it whatever its port is. Gives the function that takes it back. */
export function recordRunning(dataDir: string, url: string): () => void {
  const file = join(dataDir, RECORD_FILE);
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, url } satisfies z.infer<typeof RECORD>)}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/**
 * The server that a command means: that of PORT where it is set; else the one that runs with this DATA_DIR; else its demo's; else that of the usual
 * address. With the token that the server made for itself, where it made one.
 */
export function findServer(
  { host, port, apiToken, dataDir }: Place,
  env: Readonly<Record<string, string | undefined>> = process.env,
): FoundServer {
  const chosen = Number(env.PORT?.trim() || 0) !== 0;
  const places = [
    { by: 'DATA_DIR', folder: dataDir },
    { by: 'demo', folder: demoServerFolder(demoFolder(dataDir)) },
  ] as const;
  for (const { by, folder } of chosen ? [] : places) {
    const url = readRunning(folder);
    if (url !== undefined) return { url, token: apiToken ?? keptToken(folder), by };
  }
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return { url: `http://${name}:${port}`, token: apiToken ?? keptToken(dataDir), by: chosen ? 'PORT' : 'default' };
}

/** Address of the server of that data folder; undefined where none runs: one that was killed has left its record. */
function readRunning(dataDir: string): string | undefined {
  try {
    const { pid, url } = RECORD.parse(JSON.parse(readFileSync(join(dataDir, RECORD_FILE), 'utf8')));
    process.kill(pid, 0);
    return url;
  } catch {
    return undefined;
  }
}

function keptToken(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, API_TOKEN_FILE), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
