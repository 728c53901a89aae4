import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Blobs } from '../../../src/store/objects/blobs.ts';
import { openStorage } from '../../../src/store/objects/open-storage.ts';
import type { Storage } from '../../../src/store/objects/storage.ts';
import { has } from '../../support/needs.ts';
import { s3Place } from '../../support/s3-server.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasetgan-storage-'));
});
afterAll(() => rm(root, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);
async function keys(storage: Storage, prefix: string): Promise<string[]> {
  return (await Array.fromAsync(storage.list(prefix))).map(({ key }) => key).sort();
}
async function* pieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.byteLength; at += size) yield content.subarray(at, at + size);
}

describe.each(has('s3') ? (['folder', 's3'] as const) : (['folder'] as const))('storage: %s', (kind) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await openStorage({ dataDir: root, storage: kind === 'folder' ? null : await s3Place() });
  });

  test('keeps objects, gives them back, replaces and deletes them', async () => {
    expect(await storage.has('a/b.bin')).toBe(false);
    await storage.put('a/b.bin', bytes('one'));
    expect(await storage.has('a/b.bin')).toBe(true);
    expect(await storage.has('a')).toBe(false);
    expect(text(await storage.get('a/b.bin'))).toBe('one');
    await storage.put('a/b.bin', bytes('two'));
    expect(text(await storage.get('a/b.bin'))).toBe('two');
    expect(text(await buffer(await storage.stream('a/b.bin')))).toBe('two');
    await storage.delete('a/b.bin');
    await storage.delete('a/b.bin');
    expect(await storage.has('a/b.bin')).toBe(false);
    await storage.put('empty', new Uint8Array());
    expect(await buffer(await storage.stream('empty'))).toHaveLength(0);
  });

  test('what is not there is told by its key', async () => {
    const missing = { code: 'corrupt-file', message: expect.stringContaining('no/such.tar'), fix: expect.any(String) };
    await expect(storage.get('no/such.tar')).rejects.toMatchObject(missing);
    await expect(storage.stream('no/such.tar')).rejects.toMatchObject(missing);
  });

  test.each([0, 1000, 8 * 2 ** 20, 20 * 2 ** 20 + 1])('%i streamed bytes come back as they were', async (size) => {
    const content = randomBytes(size);
    await storage.put('streamed.bin', pieces(content, 1_000_003));
    expect(content.equals(await buffer(await storage.stream('streamed.bin')))).toBe(true);
  });

  test('a stream that fails in the middle leaves what was there', async () => {
    await storage.put('kept.bin', bytes('kept'));
    async function* failing() {
      yield randomBytes(9 * 2 ** 20);
      throw new Error('the source broke');
    }
    await expect(storage.put('kept.bin', failing())).rejects.toThrow('the source broke');
    expect(text(await storage.get('kept.bin'))).toBe('kept');
  });

  test('lists and deletes by prefix, without its neighbours', async () => {
    for (const key of ['l/b/1', 'l/a', 'l/b-c', 'l/b/0/x', 'l/b0', 'lx/a']) await storage.put(key, bytes(key));
    expect(await keys(storage, 'l')).toEqual(['l/a', 'l/b-c', 'l/b/0/x', 'l/b/1', 'l/b0']);
    expect(await Array.fromAsync(storage.list('l/b'))).toEqual(
      expect.arrayContaining([
        { key: 'l/b/0/x', bytes: 7 },
        { key: 'l/b/1', bytes: 5 },
      ]),
    );
    expect(await keys(storage, 'l/b')).toHaveLength(2);
    await storage.deleteAll('l/b');
    expect(await keys(storage, 'l')).toEqual(['l/a', 'l/b-c', 'l/b0']);
    await storage.deleteAll('l');
    expect(await keys(storage, 'l')).toEqual([]);
    expect(await keys(storage, 'lx')).toEqual(['lx/a']);
  });

  test.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', '.hidden', 'a/.x', 'a b', 'ä'])('"%s" is no key', async (key) => {
    await expect(storage.put(key, bytes('x'))).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('blobs are checked when they are read', async () => {
    const blobs = new Blobs(storage);
    // sha256 of "abc", FIPS 180-2 appendix B.1.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await blobs.has(abc)).toBe(false);
    await expect(blobs.get(abc)).rejects.toMatchObject({ code: 'corrupt-file' });
    expect(await Promise.all([blobs.put(bytes('abc')), blobs.put(bytes('abc'))])).toEqual([abc, abc]);
    expect(text(await blobs.get(abc))).toBe('abc');
    await storage.put(blobs.key(abc), bytes('abd'));
    await expect(blobs.get(abc)).rejects.toMatchObject({ code: 'corrupt-file', message: expect.stringContaining(abc) });
    await blobs.put(bytes('abc'));
    expect(text(await blobs.get(abc))).toBe('abc');
    await blobs.delete(abc);
    await blobs.delete(abc);
    expect(await blobs.has(abc)).toBe(false);
    for (const name of ['../../etc/passwd', '', abc.toUpperCase(), `${abc}/x`])
      expect(() => blobs.key(name)).toThrow('not the name of a blob');
  });
});

test('a folder shows nothing unfinished, and clears away what a killed process left', async () => {
  const dataDir = await mkdtemp(join(root, 'clean-'));
  const storage = await openStorage({ dataDir, storage: null });
  await storage.put('a', bytes('a'));
  const unfinished = join(dataDir, 'storage', '.unfinished');
  await writeFile(join(unfinished, 'old'), 'half');
  await writeFile(join(unfinished, 'new'), 'half');
  await utimes(join(unfinished, 'old'), 0, 0);
  await openStorage({ dataDir, storage: null });
  expect(await readdir(unfinished)).toEqual(['new']);
  expect(await storage.link('a', 60)).toBeUndefined();
  expect(storage).toMatchObject({ shared: false, folder: join(dataDir, 'storage') });
});

test('a shared folder is tried out', async () => {
  const shared = await openStorage({ dataDir: root, storage: { kind: 'folder', folder: join(root, 'shared') } });
  expect(shared).toMatchObject({ shared: true });
  await writeFile(join(root, 'file'), '');
  await expect(openStorage({ dataDir: root, storage: { kind: 'folder', folder: join(root, 'file') } })).rejects.toMatchObject({
    code: 'bad-settings',
    fix: expect.stringContaining('STORAGE_URL'),
  });
});

test.runIf(has('s3'))('S3: links open without keys; a missing bucket and wrong keys are told when it is opened', async () => {
  const place = await s3Place();
  const storage = await openStorage({ dataDir: root, storage: place });
  await storage.put('picture.png', bytes('png'));
  const link = await storage.link('picture.png', 60);
  const answer = await fetch(link ?? '');
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(await answer.text()).toBe('png');
  expect((await fetch(link?.split('?')[0] ?? '')).ok).toBe(false);

  const refused = { code: 'bad-settings', fix: expect.stringContaining('AWS_ACCESS_KEY_ID') };
  await expect(openStorage({ dataDir: root, storage: { ...place, bucket: 'no-such-bucket' } })).rejects.toMatchObject(refused);
  const secret = process.env.AWS_SECRET_ACCESS_KEY;
  process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
  await expect(openStorage({ dataDir: root, storage: place })).rejects.toMatchObject(refused);
  process.env.AWS_SECRET_ACCESS_KEY = secret;
});

test('S3: a download that breaks off goes on where it broke; one that never moves is given up', async () => {
  const content = randomBytes(300_000);
  const ranges: (string | undefined)[] = [];
  let broken = false;
  const server = createServer(({ headers: { range } }, response) => {
    ranges.push(range);
    const from = Number(range?.match(/\d+/)?.[0] ?? 0);
    const rest = content.subarray(from);
    response.writeHead(range === undefined ? 200 : 206, { 'content-length': rest.byteLength, etag: '"1"' });
    if (broken) response.write('', () => response.destroy());
    else if (from < 200_000) response.write(rest.subarray(0, 100_000), () => response.destroy());
    else response.end(rest);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ACCESS_KEY_ID ??= 'key';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'secret';
  const { S3Storage } = await import('../../../src/store/objects/s3-storage.ts');
  const storage = new S3Storage({ kind: 's3', bucket: 'bucket', prefix: '', endpoint, region: 'us-east-1' });
  expect(content.equals(await buffer(await storage.stream('a')))).toBe(true);
  expect(ranges[0]).toBeUndefined();
  expect(ranges.at(-1)).toBe('bytes=200000-');

  broken = true;
  await expect(storage.stream('a').then(buffer)).rejects.toMatchObject({ code: 'storage-down' });
  server.close();
  server.closeAllConnections();
  await expect(storage.get('a')).rejects.toMatchObject({ code: 'storage-down', message: expect.stringContaining(endpoint) });
});
