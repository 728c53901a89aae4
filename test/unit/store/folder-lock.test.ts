import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

test('a folder that cannot be one is told as such', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-lock-'));
  await writeFile(join(folder, 'file'), '');
  expect(() => lockFolder(join(folder, 'file'))).toThrow(
    expect.objectContaining({ code: 'bad-settings', fix: expect.stringContaining('DATA_DIR') }),
  );
  await mkdir(join(folder, 'datasetgan.lock'));
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'bad-settings' }));
  await rm(folder, { recursive: true });
});
