import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { archiveFileTarget } from '../../../src/export/targets/archive-file-target.ts';
import type { Spool } from '../../../src/export/targets/spool.ts';
import { ZipWriter } from '../../../src/export/targets/zip-writer.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { readZip } from '../../../src/stylegan/checkpoint/zip-directory.ts';
import { portraitDataset, portraitPair, runHere } from '../../support/export-pairs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-zip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What Python's own reader finds: names, sizes, how they are stored, and content; it checks every checksum. null without Python. */
function asPythonReads(file: string, content: readonly string[] = []): unknown {
  const program = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    infos = archive.infolist()
    assert all(i.compress_type == zipfile.ZIP_STORED and i.date_time == (1980, 1, 1, 0, 0, 0) and i.external_attr >> 16 == 0o100644 for i in infos)
    print(json.dumps([len(infos), [[i.filename, i.file_size] for i in infos[:3]], [archive.read(n).decode() for n in sys.argv[2:]]]))`;
  const { stdout, stderr, error } = spawnSync('python3', ['-c', program, file, ...content], { encoding: 'utf8' });
  if (error !== undefined) return null;
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('a dataset as a zip: every file is read back, twice the same bytes, by Python too', async () => {
  const dataset = portraitDataset(4);
  const file = join(folder, 'new', 'portraits.zip');
  await writeFormats(['index-png'], dataset, await archiveFileTarget(file, 'zip'), { run: runHere });
  expect(await readdir(join(folder, 'new'))).toEqual(['portraits.zip']);
  const bytes = await readFile(file);
  const files = readZip(bytes);
  for (let seed = 0; seed < 4; seed++) {
    const { image, mask } = await portraitPair(seed);
    expect(sha256(files.get(`images/seed-${seed}.png`)!)).toBe(sha256(image));
    expect(sha256(files.get(`masks/seed-${seed}.png`)!)).toBe(sha256(mask));
  }
  expect([...files.keys()].at(-1)).toBe('SHA256SUMS');
  const sums = Buffer.from(files.get('SHA256SUMS')!).toString().trim().split('\n');
  expect(sums.length).toBe(files.size - 1);
  for (const line of sums) expect(line.slice(0, 64)).toBe(sha256(files.get(line.slice(66))!));
  const python = asPythonReads(file, ['dataset.json']);
  if (python !== null) expect(python).toMatchObject([files.size, {}, ['{"pairs": 4}\n']]);

  const again = join(folder, 'again.zip');
  await writeFormats(['index-png'], dataset, await archiveFileTarget(again, 'zip'), { run: runHere });
  expect(sha256(await readFile(again))).toBe(sha256(bytes));
});

test('a file that is there is refused, and what fails leaves nothing', async () => {
  const file = join(folder, 'mine.zip');
  await writeFile(file, 'mine');
  await expect(archiveFileTarget(file, 'zip')).rejects.toMatchObject({ code: 'bad-request' });
  expect(await readFile(file, 'utf8')).toBe('mine');
  await rm(file);
  const failing = portraitDataset(2, {
    async *pairs() {
      yield await portraitPair(0);
      throw new Error('broken');
    },
  });
  const target = await archiveFileTarget(file, 'zip');
  await expect(writeFormats(['coco'], failing, target, { run: runHere })).rejects.toThrow('broken');
  expect(await readdir(folder)).toEqual([]);
});

test('more files than 16 bits can count', async () => {
  const file = join(folder, 'many.zip');
  const chunks: Uint8Array[] = [];
  const zip = new ZipWriter(async (bytes) => void chunks.push(bytes));
  for (let i = 0; i < 65_600; i++) await zip.add(`${i}`, Buffer.from(i === 65_599 ? 'last: ä' : ''));
  await zip.finish();
  await writeFile(file, Buffer.concat(chunks));
  const files = readZip(Buffer.concat(chunks));
  expect(files.size).toBe(65_600);
  expect(Buffer.from(files.get('65599')!).toString()).toBe('last: ä');
  const python = asPythonReads(file, ['65599']);
  if (python !== null) expect(python).toMatchObject([65_600, {}, ['last: ä']]);
});

test('files and archives beyond 4 GB', async () => {
  const file = join(folder, 'large.zip');
  const zeros = new Uint8Array(1 << 26);
  const pieces = 65;
  const size = pieces * zeros.length;
  expect(size).toBeGreaterThan(2 ** 32);
  // Zeros are left out of the file, which takes no place on the disk for them.
  const sparse = await open(file, 'w');
  let at = 0;
  const zip = new ZipWriter(async (bytes) => {
    if (bytes !== zeros) await sparse.write(bytes, 0, bytes.length, at);
    at += bytes.length;
  });
  const large: Pick<Spool, 'size' | 'crc32' | 'read'> = {
    size,
    crc32: 0x12345678,
    async *read() {
      for (let i = 0; i < pieces; i++) yield zeros;
    },
  };
  await zip.add('large', large as Spool);
  await zip.add('Größe.txt', Buffer.from('behind it'));
  await zip.finish();
  await sparse.close();
  const python = asPythonReads(file, ['Größe.txt']);
  if (python !== null) {
    expect(python).toEqual([
      2,
      [
        ['large', size],
        ['Größe.txt', 9],
      ],
      ['behind it'],
    ]);
  }
  // The end of the archive: its entry of the second file has the offset in 64 bits.
  const tail = await readTail(file, 400);
  const entry = tail.lastIndexOf(Buffer.from('Größe.txt'));
  expect(tail.readUInt32LE(entry - 4)).toBe(0xffffffff);
  const extra = entry + Buffer.byteLength('Größe.txt');
  expect([tail.readUInt16LE(extra), tail.readUInt16LE(extra + 2)]).toEqual([1, 8]);
  const offset = Number(tail.readBigUInt64LE(extra + 4));
  expect(offset).toBeGreaterThan(2 ** 32);
  const header = await readAt(file, offset, 18);
  expect([header.readUInt32LE(0), header.readUInt32LE(14)]).toEqual([0x04034b50, crc32('behind it')]);
});

async function readAt(file: string, from: number, length: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, from);
    return buffer;
  } finally {
    await handle.close();
  }
}

async function readTail(file: string, length: number): Promise<Buffer> {
  const handle = await open(file);
  const { size } = await handle.stat().finally(() => handle.close());
  return readAt(file, size - length, length);
}
