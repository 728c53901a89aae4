import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/run-command-line.ts';
import { DatasetGanError } from '../../../src/errors.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { untar } from '../../../src/export/targets/untar.ts';
import { readPairs } from '../../../src/jobs/datasets/shards/read-pairs.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { readSettings } from '../../../src/settings.ts';
import { openStorage } from '../../../src/store/objects/open-storage.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { READERS } from '../../support/export-readers.ts';
import { has } from '../../support/needs.ts';
import { s3Place } from '../../support/s3-server.ts';
import { serveFactory } from '../../support/serve-factory.ts';

const COUNT = 12;

let factory: DatasetFactory;
let id: string;
let folder: string;
let close: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-export-'));
  factory = await DatasetFactory.open();
  id = await factory.order({ count: COUNT, destination: 'files', formats: ['index-png'] });
  await factory.reaches(id, 'completed');
  const server = await serveFactory(factory);
  vi.stubEnv('PORT', server.port);
  close = server.close;
});
afterAll(async () => {
  await close?.();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

/** Output of the command. */
async function run(...args: string[]): Promise<string> {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  expect(await runCommandLine(['export', ...args])).toBe(0);
  return out.join('');
}

test("an order's own files are index PNGs in the dataset's folder", async () => {
  const { folder: own } = await factory.backend.datasets.get(id);
  const pairs = await READERS['index-png']!(own);
  expect(pairs.size).toBe(COUNT);
  for await (const { record, image, mask } of readPairs(factory.product, { id })) {
    const read = pairs.get(`seed-${record.seed}`)!;
    expect(Buffer.from(read.image).equals(image)).toBe(true);
    expect(read.map).toEqual(await decodeIndexPng(mask));
    expect(read.facts).toEqual({ seed: record.seed, class: record.class, js: record.js, score: record.score });
  }
  const card = await readFile(join(own, 'README.md'), 'utf8');
  expect(card).toContain('They are under the licence of its weights');
  expect(card).toContain('Mean uncertainty');
  expect(JSON.parse(await readFile(join(own, 'dataset.json'), 'utf8'))).toMatchObject({
    dataset: id,
    labels: ['Background', 'bright'],
  });
});

test('the command unpacks several formats, all with the same pairs', async () => {
  const out = join(folder, 'several');
  expect(await run(id, '--format', 'coco,yolo-seg', '--out', out, '--validation', '0.4')).toContain(
    `${COUNT} pairs as coco, yolo-seg`,
  );
  const [coco, yolo] = [await READERS.coco!(join(out, 'coco')), await READERS['yolo-seg']!(join(out, 'yolo-seg'))];
  expect([coco.size, yolo.size]).toEqual([COUNT, COUNT]);
  for (const [name, { map, split }] of coco) {
    expect(yolo.get(name)!.split).toBe(split);
    expect(yolo.get(name)!.map).toEqual(map);
  }
  expect(await readdir(folder)).toEqual(['several']);
});

test('on the standard output it is a tar, and what is said goes elsewhere', async () => {
  const chunks: Uint8Array[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((...args: unknown[]) => {
    chunks.push(args[0] as Uint8Array);
    (args[1] as () => void)();
    return true;
  });
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await runCommandLine(['export', id, '--format', 'index-png', '--out', '-'])).toBe(0);
  expect(said.mock.calls.join('')).toContain(`${COUNT} pairs as index-png`);
  const out = join(folder, 'piped');
  await untar(Readable.from(chunks), await folderTarget(out));
  expect((await READERS['index-png']!(out)).size).toBe(COUNT);
  await rm(out, { recursive: true });
  expect(existsSync('-')).toBe(false);
});

const EXAMPLES = join(import.meta.dirname, '../../../examples');

/** What an example program prints; rejects when it ends with another code than 0. */
async function example(program: string, file: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, DATASETGAN_URL: `http://127.0.0.1:${process.env.PORT}` };
  return (await promisify(execFile)(program, [join(EXAMPLES, file), ...args], { env })).stdout;
}

test('the TypeScript example orders pairs and downloads them; a refused order ends it with the reason', async () => {
  const { ls_id } = await factory.project();
  const zip = join(folder, 'ordered.zip');
  expect(await example(process.execPath, 'order-dataset.ts', String(ls_id), '3', zip)).toMatch(
    /^dataset \S+ is in .*ordered\.zip$/m,
  );
  const names = [...(await readFile(zip)).toString('latin1').matchAll(/seed-\d+\.png/g)].map(([name]) => name);
  expect(new Set(names).size).toBe(3);
  await rm(zip);
  const refused = example(process.execPath, 'order-dataset.ts', String(ls_id), '0', zip);
  await expect(refused).rejects.toMatchObject({ stderr: expect.stringContaining('bad-request: count') as string });
});

test.runIf(has('python'))('so does the Python example, which unpacks them', async () => {
  const { ls_id } = await factory.project();
  const out = join(folder, 'ordered');
  expect(await example('python3', 'order-dataset.py', String(ls_id), '3', out)).toContain(`is in ${out}`);
  expect((await READERS['index-png']!(out)).size).toBe(3);
  await rm(out, { recursive: true });
  const refused = example('python3', 'order-dataset.py', String(ls_id), '0', out);
  await expect(refused).rejects.toMatchObject({ stderr: expect.stringContaining('bad-request: count') as string });
});

test.each([
  [['--format', 'coko', '--out', 'x'], "There is no format 'coko'."],
  [['--format', 'coco'], "Required option '--out <PLACE>' not specified."],
  [['--out', 'x'], "Required option '--format <LIST>' not specified."],
  [['--format', 'coco', '--out', 'x', '--validation', '0.9'], '--validation 0.9 is not valid.'],
  [['--format', 'coco', '--out', 'x', '--licence', 'MIT'], '--licence goes with --from-annotations.'],
  [['--format', 'coco', '--out', 'x', '--objects', 'pieces'], '--objects goes with --from-annotations.'],
  [['--from-annotations', '--format', 'coco', '--out', 'x', '--objects', 'each'], '--objects each is not valid.'],
  [['--format', 'coco', '--out', 's3://bucket'], '--out s3://bucket has no prefix in a bucket.'],
])('what cannot be is said: %s', async (args, message) => {
  await expect(runCommandLine(['export', id, ...args])).rejects.toMatchObject({ message, fix: expect.any(String) as string });
});

test('a dataset that there is not, and a folder that is not empty', async () => {
  const out = join(folder, 'mine');
  await expect(runCommandLine(['export', 'none', '--format', 'coco', '--out', out])).rejects.toMatchObject({
    code: 'unknown-dataset',
  });
  const full = await mkdtemp(join(folder, 'full-'));
  await writeFile(join(full, 'mine.txt'), 'mine');
  await expect(runCommandLine(['export', id, '--format', 'coco', '--out', full])).rejects.toMatchObject({
    message: `The folder ${full} is not empty.`,
  });
  expect(await readdir(full)).toEqual(['mine.txt']);
  await rm(full, { recursive: true });
});

test('an archive that breaks off leaves nothing and says where to look', async () => {
  const out = join(folder, 'broken');
  vi.spyOn(factory.backend.datasets, 'archive').mockImplementation(async () => ({
    name: 'broken.tar',
    async write(append) {
      await append(new Uint8Array(1 << 20));
      throw new DatasetGanError('corrupt-file', 'a shard is lost');
    },
  }));
  await expect(runCommandLine(['export', id, '--format', 'coco', '--out', out])).rejects.toMatchObject({
    code: 'corrupt-file',
    fix: "Check the server's log, then export again.",
  });
  expect(await readdir(folder)).toEqual(['several']);
});

test.runIf(has('s3'))('straight into a bucket; what is there already is not touched', async () => {
  const { bucket, prefix, endpoint } = await s3Place();
  vi.stubEnv('S3_ENDPOINT', endpoint);
  const storage = await openStorage(readSettings({ ...process.env, STORAGE_URL: `s3://${bucket}/${prefix}` }));
  const out = `s3://${bucket}/${prefix}/exports/${id}`;
  await run(id, '--format', 'webdataset', '--out', out);
  const keys = (await Array.fromAsync(storage.list(`exports/${id}`))).map(({ key }) => key.split('/').at(-1));
  expect(keys).toEqual(expect.arrayContaining(['README.md', 'SHA256SUMS', 'train-000000.tar']));
  await expect(runCommandLine(['export', id, '--format', 'coco', '--out', out])).rejects.toMatchObject({ code: 'bad-request' });
  expect((await Array.fromAsync(storage.list(`exports/${id}`))).length).toBe(keys.length);
  await storage.deleteAll(`exports/${id}`);
});
