import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolders, makeFoldersSync } from '../../src/make-folders.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folders-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.each([
  ['makeFolders', makeFolders],
  ['makeFoldersSync', async (path: string) => makeFoldersSync(path)],
])('%s', (_, make) => {
  test('makes all that are missing, and takes those that are there', async () => {
    const deep = join(root, 'a/b/c');
    await make(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
    await make(deep);
    symlinkSync(join(root, 'a'), join(root, 'link'));
    await make(join(root, 'link/d'));
    expect(existsSync(join(root, 'a/d'))).toBe(true);
  });

  test('many at once make the same', async () => {
    for (let round = 0; round < 50; round++)
      await Promise.all(Array.from({ length: 20 }, (_, i) => make(join(root, `${round}/y/z/${i % 4}`))));
    expect(existsSync(join(root, '49/y/z/3'))).toBe(true);
  });

  test('ends where nothing can be made', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(make(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(make(join(root, 'file/x/y'))).rejects.toMatchObject({ code: expect.stringMatching(/^E(?:NOTDIR|EXIST)$/) });
    await expect(make(join(root, 'x'.repeat(300)))).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });

  test.runIf(existsSync('/proc/self'))('ends under /proc', async () => {
    await expect(make('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
