import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../../../src/store/folder-lock.ts';
import { folderProblem } from '../../../src/store/folder-problem.ts';

const place = mkdtempSync(join(tmpdir(), 'folder-'));
afterAll(() => rmSync(place, { recursive: true }));

test.each([
  ['EROFS', 'bad-settings', 'its disk is read-only', 'Mount it for writing'],
  ['EACCES', 'bad-settings', 'this user may not write there', 'Allow this user'],
  ['ENOSPC', 'disk-full', 'its disk is full', 'Free some space'],
  ['EDQUOT', 'disk-full', 'its disk is full', 'Free some space'],
  ['EIO', 'bad-settings', 'reading or writing its disk fails', 'Check the disk'],
  ['ENOENT', 'bad-settings', 'it cannot be created', 'is mounted'],
  ['EOTHER', 'bad-settings', 'odd words', 'on a local disk'],
])('%s → %s, %s', (code, expected, reason, fix) => {
  const problem = folderProblem(join(place, 'new'), Object.assign(new Error('odd words'), { code }));
  expect(problem).toMatchObject({ code: expected, fix: expect.stringContaining(fix) });
  expect(problem.message).toContain(reason);
});

test('a file in the way is named as one, and the setting as the one that is meant', () => {
  const file = join(place, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(join(file, 'data'))).toThrow(
    expect.objectContaining({ code: 'bad-settings', message: `A file is where the folder ${join(file, 'data')} should be.` }),
  );
  expect(folderProblem(file, { code: 'EEXIST' }, 'STORAGE_URL').fix).toBe(
    'Move that file away, or set STORAGE_URL to another folder.',
  );
});

test('a place where nothing can be made is not answered by "no such file"', () => {
  expect(() => makeFolder('/proc/1/fd/datasetgan/data')).toThrow(
    expect.objectContaining({ code: 'bad-settings', message: expect.not.stringContaining('ENOENT') }),
  );
});
