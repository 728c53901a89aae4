import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { diskFree, requireDiskFree } from '../../../src/store/disk-free.ts';

test('the free space of a disk agrees with df', async () => {
  const kilobytes = Number(execFileSync('df', ['-Pk', tmpdir()], { encoding: 'utf8' }).trim().split('\n')[1]!.split(/\s+/)[3]);
  const free = await diskFree(tmpdir());
  // Other programs write meanwhile.
  expect(Math.abs(free - 1024 * kilobytes)).toBeLessThan(1e9);
});

test('refuses what there is no room for, with numbers and a fix', async () => {
  await requireDiskFree(tmpdir());
  await expect(requireDiskFree(tmpdir(), 1e18)).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('1,000,000,000,000 MB'),
    fix: expect.stringContaining('DATA_DIR'),
  });
});
