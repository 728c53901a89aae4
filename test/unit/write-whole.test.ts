import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { putInPlace, writeFileWhole, writeFolderWhole } from '../../src/write-whole.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasetgan-whole-'));
});
afterEach(() => rm(root, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
async function* stream(...pieces: (string | Error)[]) {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield bytes(piece);
  }
}
const full = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

test.each(['kill', 'power-cut'] as const)(
  'a file of text, bytes, pieces or a stream, with the folders above it: %s',
  async (outlives) => {
    const file = join(root, 'a', 'b', 'file');
    for (const content of ['one two', bytes('one two'), [bytes('one '), bytes('two')], stream('one ', 'two')]) {
      await writeFileWhole(file, content, { outlives });
      expect(await readFile(file, 'utf8')).toBe('one two');
      await writeFileWhole(file, '', { outlives });
    }
    expect(await readdir(join(root, 'a', 'b'))).toEqual(['file']);
  },
);

test('a file keeps what it held until all of the new is there, and when that fails', async () => {
  const file = join(root, 'file');
  await writeFile(file, 'old');
  let meanwhile: string[] = [];
  async function* content() {
    yield bytes('half');
    meanwhile = [await readFile(file, 'utf8'), ...(await readdir(root))];
    throw new Error('the source broke');
  }
  await expect(writeFileWhole(file, content(), { outlives: 'kill' })).rejects.toThrow('the source broke');
  expect(meanwhile).toEqual(['old', expect.stringMatching(/^\.file\..*\.tmp$/), 'file']);
  expect([await readFile(file, 'utf8'), ...(await readdir(root))]).toEqual(['old', 'file']);
});

test('its mode is there from its first byte', async () => {
  const unfinished = join(root, 'unfinished');
  let mode = 0;
  async function* content() {
    yield bytes('secret');
    mode = (await stat(unfinished)).mode & 0o777;
  }
  await writeFileWhole(join(root, 'elsewhere', 'file'), content(), { outlives: 'kill', mode: 0o600, unfinished });
  expect([mode, (await stat(join(root, 'elsewhere', 'file'))).mode & 0o777]).toEqual([0o600, 0o600]);
});

test('a folder appears with all that is in it; what a killed process left at its place is removed', async () => {
  const [folder, unfinished] = [join(root, 'folder'), join(root, 'folder.part')];
  await mkdir(unfinished);
  await writeFile(join(unfinished, 'left'), '');
  const given = await writeFolderWhole(folder, { outlives: 'power-cut', mode: 0o700, unfinished }, async (place) => {
    expect(place).toBe(unfinished);
    await mkdir(join(place, 'in'));
    await writeFile(join(place, 'in', 'file'), 'text');
    expect(await readdir(root)).toEqual(['folder.part']);
    return 7;
  });
  expect(given).toBe(7);
  expect(await readdir(root, { recursive: true })).toEqual(['folder', 'folder/in', 'folder/in/file']);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test('a folder that is there stays, and nothing is left beside it', async () => {
  await mkdir(join(root, 'folder'));
  await writeFile(join(root, 'folder', 'file'), 'old');
  const write = () =>
    writeFolderWhole(join(root, 'folder'), { outlives: 'kill' }, (place) => writeFile(join(place, 'file'), 'new'));
  await expect(write()).rejects.toMatchObject({ code: 'ENOTEMPTY' });
  expect(await readdir(root)).toEqual(['folder']);
  expect(await readFile(join(root, 'folder', 'file'), 'utf8')).toBe('old');
});

test('a full disk is named, with what to do', async () => {
  const file = join(root, 'file');
  const code = 'disk-full';
  const message = `The disk that holds ${file} is full.`;
  await expect(writeFileWhole(file, stream(full()), { outlives: 'kill' })).rejects.toMatchObject({
    code,
    message,
    fix: 'Free some space there, then try again.',
  });
  const fix = 'Free 3 MB.';
  const fill = () => Promise.reject(full());
  await expect(writeFolderWhole(file, { outlives: 'kill', whenFull: fix }, fill)).rejects.toMatchObject({ code, message, fix });
  expect(await readdir(root)).toEqual([]);
});

test('what was written elsewhere gets its name', async () => {
  await writeFile(join(root, 'part'), 'new');
  await writeFile(join(root, 'file'), 'old');
  await putInPlace(join(root, 'part'), join(root, 'file'), 'power-cut');
  expect([await readFile(join(root, 'file'), 'utf8'), ...(await readdir(root))]).toEqual(['new', 'file']);
});

test.each([
  // The file, then the folder with its name.
  ['a file', 'power-cut', 2],
  // Two files, the folder inside, the folder; then the one with its name.
  ['a folder', 'power-cut', 5],
  ['a file', 'kill', 0],
  ['a folder', 'kill', 0],
] as const)('%s that outlives a %s is synced %i times', async (kind, outlives, times) => {
  const handle = await open(root);
  const sync = vi.spyOn(Object.getPrototypeOf(handle) as { sync(): Promise<void> }, 'sync');
  await handle.close();
  try {
    if (kind === 'a file') await writeFileWhole(join(root, 'file'), 'text', { outlives });
    else
      await writeFolderWhole(join(root, 'folder'), { outlives }, async (place) => {
        await mkdir(join(place, 'in'));
        for (const name of ['file', 'in/file']) await writeFile(join(place, name), 'text');
      });
    expect(sync).toHaveBeenCalledTimes(times);
  } finally {
    sync.mockRestore();
  }
});
