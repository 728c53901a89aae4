import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../settings.ts';
import { makeFolder } from '../store/folder-lock.ts';
import { isLoopback } from './addresses.ts';

/** In the data folder. */
export const API_TOKEN_FILE = 'api-token';

/**
 * The token that /api needs: API_TOKEN; bound beyond loopback without one, a token made at first start and kept in the data folder
 * (readable by its owner only); null on loopback, which is open to this machine's programs.
 * @returns `made` is true when the token is new and has to be shown.
 */
export async function apiToken(
  settings: Pick<Settings, 'host' | 'apiToken' | 'dataDir'>,
): Promise<{ readonly token: string | null; readonly made: boolean }> {
  if (settings.apiToken !== null) return { token: settings.apiToken, made: false };
  if (isLoopback(settings.host)) return { token: null, made: false };
  const path = join(settings.dataDir, API_TOKEN_FILE);
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.trim() !== '') return { token: kept.trim(), made: false };
  const token = randomBytes(20).toString('hex');
  makeFolder(settings.dataDir);
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  return { token, made: true };
}

/** The same, said to the operator once where it is new. */
export async function shownApiToken(settings: Parameters<typeof apiToken>[0]): Promise<string | null> {
  const { token, made } = await apiToken(settings);
  if (made)
    process.stderr.write(
      `API token, created at this first start and stored in ${join(settings.dataDir, API_TOKEN_FILE)}: ${token}\n`,
    );
  return token;
}
