import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { copyApart } from '../../../src/jobs/generators/copy-apart.ts';
import { stopCopying } from '../../support/stop-copying.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-copy-'));
const file = (name: string) => join(folder, name);
const copy = file('copy');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file is copied byte by byte, by a link too', async () => {
  const bytes = Buffer.from(Array.from({ length: 3_000_001 }, (_, i) => (i * 7919) % 251));
  writeFileSync(file('whole'), bytes);
  symlinkSync(file('whole'), file('link'));
  await copyApart(file('link'), copy, { limit: 1e9 });
  expect(readFileSync(copy).equals(bytes)).toBe(true);
  rmSync(copy);
});

test('what the system makes up while it is read is taken for what it is', async () => {
  await copyApart('/proc/cpuinfo', copy, { limit: 1e6 });
  expect(readFileSync(copy, 'utf8')).toContain('processor');
  rmSync(copy);
});

execFileSync('mkfifo', [file('pipe')]);
symlinkSync(file('nowhere'), file('lost'));
writeFileSync(file('large'), '');
truncateSync(file('large'), 2e9);

test.each([
  ['a pipe', file('pipe'), 'checkpoint-unsupported', 'a pipe, a device or a socket'],
  ['a device that never ends', '/dev/zero', 'checkpoint-unsupported', 'a pipe, a device or a socket'],
  ['a terminal', '/dev/ptmx', 'checkpoint-unsupported', 'a pipe, a device or a socket'],
  ['a folder', folder, 'checkpoint-unsupported', 'a folder'],
  ['a link to nowhere', file('lost'), 'not-found', 'ENOENT'],
  ['a file that cannot be read', '/proc/self/mem', 'not-found', 'cannot be read'],
  ['more than is allowed', file('large'), 'out-of-memory', '3 MB'],
])('%s is refused, and nothing is left', async (_, from, code, words) => {
  await expect(copyApart(from, copy, { limit: 3e6 })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words),
    fix: expect.any(String),
  });
  expect(existsSync(copy)).toBe(false);
});

test('a disk that hangs is waited for as long as it was said, or until it is cancelled', async () => {
  writeFileSync(file('hung'), 'x');
  const silent = copyApart(file('hung'), copy, { limit: 1e6, silence: 500 });
  silent.catch(() => undefined);
  await stopCopying(file('hung'));
  await expect(silent).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('no data for 0.5 s'),
  });
  const controller = new AbortController();
  const cancelled = copyApart(file('hung'), copy, { limit: 1e6, signal: controller.signal });
  cancelled.catch(() => undefined);
  await stopCopying(file('hung'));
  controller.abort(new Error('enough'));
  await expect(cancelled).rejects.toThrow('enough');
});
