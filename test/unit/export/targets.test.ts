import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DatasetGanError } from '../../../src/errors.ts';
import { requireFormat } from '../../../src/export/formats.ts';
import { archiveFileTarget } from '../../../src/export/targets/archive-file-target.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { storageTarget } from '../../../src/export/targets/storage-target.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { portraitDataset, portraitPair, runHere } from '../../support/export-pairs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const INDEX = ['index-png'];
const LINUX = process.platform === 'linux';

test('index PNG into a folder: every file is there, listed with its checksum, and the card says what it is', async () => {
  const out = join(folder, 'out');
  await writeFormats(INDEX, portraitDataset(8), await folderTarget(out), { run: runHere });
  const names = (await readFile(join(out, 'train.txt'), 'utf8')).trim().split('\n');
  const validation = (await readFile(join(out, 'val.txt'), 'utf8')).trim().split('\n');
  expect(new Set([...names, ...validation]).size).toBe(8);
  for (let seed = 0; seed < 8; seed++) {
    const pair = await portraitPair(seed);
    expect(await readFile(join(out, `images/seed-${seed}.png`))).toEqual(Buffer.from(pair.image));
    expect(await decodeIndexPng(await readFile(join(out, `masks/seed-${seed}.png`)))).toEqual(await decodeIndexPng(pair.mask));
  }
  const sums = (await readFile(join(out, 'SHA256SUMS'), 'utf8')).trim().split('\n');
  const listed = sums.map((line) => line.slice(66));
  const there = (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1));
  expect([...listed, 'SHA256SUMS'].sort()).toEqual(there.sort());
  for (const line of sums) {
    const sha256 = createHash('sha256')
      .update(await readFile(join(out, line.slice(66))))
      .digest('hex');
    expect(line.slice(0, 64)).toBe(sha256);
  }
  const card = await readFile(join(out, 'README.md'), 'utf8');
  expect(card).toContain('license: apache-2.0');
  expect(card).toContain('under the licence of its weights: **Apache-2.0**');
  expect(card).toContain('| 11 | glasses |');
  expect(JSON.parse(await readFile(join(out, 'dataset.json'), 'utf8'))).toEqual({ pairs: 8 });
});

test('a folder that is not empty is refused before anything is written; an empty one is taken', async () => {
  await writeFile(join(folder, 'mine.txt'), 'mine');
  await expect(folderTarget(folder)).rejects.toMatchObject({
    code: 'bad-request',
    message: `The folder ${folder} is not empty.`,
  });
  await expect(folderTarget(join(folder, 'mine.txt'))).rejects.toMatchObject({ code: 'bad-request' });
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await writeFormats(INDEX, portraitDataset(1), await folderTarget(empty), { run: runHere });
  expect(existsSync(join(empty, 'SHA256SUMS'))).toBe(true);
});

test.each<[string, (path: string) => Promise<unknown>]>([
  ['a folder', (path) => folderTarget(path)],
  ['an archive', (path) => archiveFileTarget(`${path}.zip`, 'zip')],
])('%s where nothing can be written is refused at once', async (_, open) => {
  const file = join(folder, 'mine.txt');
  await writeFile(file, 'mine');
  const places = [
    join(file, 'x'),
    join(file, 'x/y'),
    join(folder, 'x'.repeat(300)),
    ...(LINUX ? ['/proc/x', '/proc/x/y', '/dev/full/x'] : []),
  ];
  for (const place of places)
    await expect(open(place), place).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(place) as string,
      fix: expect.any(String) as string,
    });
  expect(await readdir(folder)).toEqual(['mine.txt']);
});

test('an export that fails or is cancelled leaves nothing', async () => {
  const out = join(folder, 'out');
  const failing = portraitDataset(8, {
    async *pairs() {
      yield await portraitPair(0);
      throw new DatasetGanError('corrupt-file', 'broken');
    },
  });
  await expect(writeFormats(INDEX, failing, await folderTarget(out), { run: runHere })).rejects.toThrow('broken');
  expect(await readdir(folder)).toEqual([]);
  const stop = new AbortController();
  const target = await folderTarget(out);
  const onPair = () => stop.abort(new DatasetGanError('cancelled', 'Stopped.'));
  await expect(
    writeFormats(INDEX, portraitDataset(8), target, { run: runHere, signal: stop.signal, onPair }),
  ).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(await readdir(folder)).toEqual([]);
});

test('a format that does not exist is answered with those that do', () => {
  expect(() => requireFormat('coko')).toThrow("There is no format 'coko'.");
});

test('several formats have a folder each; where one fails, none is left', async () => {
  const out = join(folder, 'out');
  await writeFormats(['coco', 'yolo-seg'], portraitDataset(3), await folderTarget(out), { run: runHere });
  expect((await readdir(out)).sort()).toEqual(['coco', 'yolo-seg']);
  expect(await readdir(join(out, 'yolo-seg'))).toContain('SHA256SUMS');
  const failing = portraitDataset(3, { labelling: { config: '<View/>', version: null } });
  const again = await folderTarget(join(folder, 'again'));
  await expect(writeFormats(['coco', 'label-studio'], failing, again, { run: runHere })).rejects.toMatchObject({
    code: 'bad-label-config',
  });
  expect(await readdir(folder)).toEqual(['out']);
});

test('a storage gets the same files; what fails is removed, and what is there is not touched', async () => {
  const storage = memoryStorage();
  await writeFormats(['webdataset'], portraitDataset(4), await storageTarget(storage, 'a/b'), { run: runHere });
  const out = join(folder, 'out');
  await writeFormats(['webdataset'], portraitDataset(4), await folderTarget(out), { run: runHere });
  for (const path of ['train-000000.tar', 'README.md', 'croissant.json'])
    expect(Buffer.from(storage.objects.get(`a/b/${path}`)!).equals(await readFile(join(out, path)))).toBe(true);
  expect([...storage.objects.keys()].at(-1)).toBe('a/b/SHA256SUMS');
  await expect(storageTarget(storage, 'a/b')).rejects.toMatchObject({ code: 'bad-request' });
  storage.failing = 'c/masks/seed-2.png';
  const failing = writeFormats(INDEX, portraitDataset(4), await storageTarget(storage, 'c'), { run: runHere });
  await expect(failing).rejects.toThrow('no room');
  expect([...storage.objects.keys()].filter((key) => key.startsWith('c/'))).toEqual([]);
});

function memoryStorage() {
  const objects = new Map<string, Uint8Array>();
  const storage = {
    objects,
    failing: '',
    place: 'memory',
    async put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>) {
      if (key === storage.failing) throw new Error('no room');
      objects.set(key, content instanceof Uint8Array ? content : Buffer.concat(await Array.fromAsync(content)));
    },
    async deleteAll(prefix: string) {
      for (const key of objects.keys()) if (key.startsWith(`${prefix}/`)) objects.delete(key);
    },
    async *list(prefix: string) {
      for (const key of objects.keys()) if (key.startsWith(`${prefix}/`)) yield key;
    },
  };
  return storage;
}
