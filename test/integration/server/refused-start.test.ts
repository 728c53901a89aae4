import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = resolve(import.meta.dirname, '../../../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-refused-'));
const disk = join(folder, 'disk');
/** A disk of 200 MB, less than a server needs to take on work, where this user may mount one. */
const mounted = (() => {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('SKIPPED: a start on a full disk, because this user may not mount one.');
    return false;
  }
})();
const taken = createServer();
beforeAll(() => new Promise<void>((ready) => taken.listen(0, '127.0.0.1', ready)));
afterAll(async () => {
  await new Promise((closed) => taken.close(closed));
  if (mounted) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
});

/** `datasetgan serve` to its end. */
async function serveUntilEnd(env: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, said };
}

test.runIf(mounted)('for want of disk: the reason is printed, the process ends, and the folder is free again', async () => {
  const settings = { DATA_DIR: join(disk, 'data'), PORT: '0' };
  for (let start = 1; start <= 2; start++) {
    const { code, said } = await serveUntilEnd(settings);
    expect(said).toMatch(/^Only \d+ MB are free on the disk that holds .*; 256 MB are needed\.\n→ Free some space/);
    expect(code).toBe(1);
  }
});

test('for a port that is taken: everything is open by then, and all of it is closed', async () => {
  const { port } = taken.address() as AddressInfo;
  const { code, said } = await serveUntilEnd({ DATA_DIR: join(folder, 'other'), PORT: String(port) });
  expect(said).toContain(`Port ${port} on 127.0.0.1 is taken`);
  expect(code).toBe(1);
});
