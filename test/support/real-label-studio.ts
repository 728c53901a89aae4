import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe } from 'vitest';
import { LABEL_STUDIO_VERSION, labelStudioCommand } from '../../src/cli/label-studio/install-label-studio.ts';
import { type LocalLabelStudio, startLabelStudio } from '../../src/cli/label-studio/local-label-studio.ts';
import { has, labelStudioVenv } from './needs.ts';

const CACHE = resolve(import.meta.dirname, '../../.cache');
const QUIET = { LATEST_VERSION_CHECK: 'false', COLLECT_ANALYTICS: 'false', SENTRY_DSN: '', LOG_LEVEL: 'WARNING' };
const EMPTY = join(CACHE, `label-studio-${LABEL_STUDIO_VERSION}-empty`);

/** A `describe` for tests against a real Label Studio; without one they are skipped. */
export function describeWithLabelStudio(name: string, tests: () => void): void {
  describe.runIf(has('labelStudio'))(name, tests);
}

export interface RealLabelStudio extends LocalLabelStudio {
  readonly dataDir: string;
  /** The key it signs tokens with. */
  secretKey(): Promise<string>;
}

/**
 * Starts a Label Studio of its own for a test file, on an empty database: seconds, after the first time on a machine, which migrates one (half a
 * minute) and keeps it. Legacy tokens are off unless asked for. Stop it in afterAll; it leaves nothing.
 */
export async function startRealLabelStudio(
  options: { readonly legacyTokens?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RealLabelStudio> {
  if (labelStudioVenv === null) throw new Error('No Label Studio is installed; use describeWithLabelStudio.');
  await migrateOnce(labelStudioVenv);
  const dataDir = await mkdtemp(join(tmpdir(), 'datasetgan-label-studio-'));
  await cp(join(EMPTY, 'label_studio.sqlite3'), join(dataDir, 'label_studio.sqlite3'));
  const running = await startLabelStudio({ venv: labelStudioVenv, dataDir, ...options });
  return {
    ...running,
    dataDir,
    secretKey: async () => /^SECRET_KEY=(.*)$/m.exec(await readFile(join(dataDir, '.env'), 'utf8'))?.[1] ?? '',
    stop: async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Two test files at once may both make it; the one that ends first is kept. */
async function migrateOnce(venv: string): Promise<void> {
  if (existsSync(EMPTY)) return;
  mkdirSync(CACHE, { recursive: true });
  const temporary = await mkdtemp(join(CACHE, 'label-studio-migrating-'));
  // Any command migrates the database first. No user is made.
  await promisify(execFile)(labelStudioCommand(venv), ['version', '--data-dir', temporary], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LABEL_STUDIO_BASE_DATA_DIR: temporary, ...QUIET },
  });
  await rename(temporary, EMPTY).catch(() => rm(temporary, { recursive: true, force: true }));
}
