import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BlobFolder } from '../../../src/store/blobs.ts';

// sha256 of "abc", FIPS 180-2 appendix B.1.
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const abc = new TextEncoder().encode('abc');

let folder: string;
let blobs: BlobFolder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-blobs-'));
  blobs = new BlobFolder(folder);
});
afterEach(() => rm(folder, { recursive: true }));

test('keeps bytes under their sha256 and gives them back', async () => {
  expect(await blobs.has(ABC)).toBe(false);
  expect(await blobs.put(abc)).toBe(ABC);
  expect(await blobs.put(abc)).toBe(ABC);
  expect(await blobs.has(ABC)).toBe(true);
  expect(new Uint8Array(await blobs.get(ABC))).toEqual(abc);
  expect(await readdir(join(folder, 'ba'))).toEqual([ABC]);
});

test('many writers of the same bytes leave one whole file', async () => {
  const bytes = new Uint8Array(1e6).fill(7);
  const names = await Promise.all(Array.from({ length: 8 }, () => blobs.put(bytes)));
  expect(new Set(names).size).toBe(1);
  expect(await readdir(join(folder, names[0]!.slice(0, 2)))).toEqual([names[0]]);
  expect((await blobs.get(names[0]!)).byteLength).toBe(1e6);
});

test('a damaged file is told, and mended when its bytes come again', async () => {
  await blobs.put(abc);
  await writeFile(blobs.path(ABC), 'abd');
  await expect(blobs.get(ABC)).rejects.toMatchObject({ code: 'corrupt-file', fix: expect.any(String) });
  await expect(blobs.get(ABC)).rejects.toThrow(blobs.path(ABC));
  await blobs.put(abc);
  expect(new Uint8Array(await blobs.get(ABC))).toEqual(abc);
});

test('a missing blob is told, and can be deleted', async () => {
  await expect(blobs.get(ABC)).rejects.toMatchObject({ code: 'corrupt-file' });
  await blobs.put(abc);
  await blobs.delete(ABC);
  await blobs.delete(ABC);
  expect(await blobs.has(ABC)).toBe(false);
});

test.each(['../../etc/passwd', '', ABC.toUpperCase(), `${ABC}/x`])('"%s" is not the name of a blob', (name) => {
  expect(() => blobs.path(name)).toThrow('not the name of a blob');
});
