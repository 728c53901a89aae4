import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { loadEnvironment } from '../../../src/cli/load-environment.ts';

afterEach(() => vi.unstubAllEnvs());

test('.env adds to the environment what is not set there, and need not be there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'datasetgan-env-'));
  try {
    vi.stubEnv('DATASETGAN_TEST_SET', 'by the shell');
    vi.stubEnv('DATASETGAN_TEST_UNSET', undefined);
    writeFileSync(join(folder, '.env'), 'DATASETGAN_TEST_SET=by the file\nDATASETGAN_TEST_UNSET=by the file\n');
    loadEnvironment(join(folder, '.env'));
    expect(process.env.DATASETGAN_TEST_SET).toBe('by the shell');
    expect(process.env.DATASETGAN_TEST_UNSET).toBe('by the file');
    expect(() => loadEnvironment(join(folder, 'none'))).not.toThrow();
    expect(() => loadEnvironment(folder)).toThrow(/cannot be read/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
