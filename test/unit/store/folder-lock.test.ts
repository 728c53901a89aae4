import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder } from '../../../src/store/folder-lock.ts';

test('a folder is lent once at a time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-lock-'));
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(
    expect.objectContaining({ code: 'data-folder-locked', message: expect.stringContaining(folder), fix: expect.any(String) }),
  );
  expect(() => lockFolder(folder)).toThrow(`process ${process.pid}`);
  unlock();
  lockFolder(folder)();
  await rm(folder, { recursive: true });
});
