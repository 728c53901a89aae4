import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GeneratorDetail, GeneratorSummary, Job } from '../../../src/api/answers.ts';
import { ANSWERS } from '../../../src/api/answers.ts';
import { adaFile } from '../../support/checkpoint-writers/stylegan2-files.ts';
import { CHECKPOINTS, has } from '../../support/needs.ts';
import { type InnerServer, startInnerServer } from '../../support/our-server.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';
import { until } from '../../support/until.ts';

let server: InnerServer;
let folder: string;

const start = async () => {
  server = await startInnerServer({
    name: 'uploads',
    labelStudio: 'http://127.0.0.1:9',
    dataDir: join(folder, 'data'),
    env: { UPLOAD_LIMIT: '1.5MB' },
  });
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploads-'));
  // What a killed process has left of a file that it received.
  mkdirSync(join(folder, 'data/uploads/left'), { recursive: true });
  await writeFile(join(folder, 'data/uploads/left/half.pkl'), 'half');
  await start();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const CATS = adaFile(tinyStylegan2({ noise: true }), TINY_SETTINGS);
const OCTETS = { 'content-type': 'application/octet-stream' };

function send(
  bytes: Uint8Array | ReadableStream,
  query: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = OCTETS,
) {
  const address = `${server.url}/api/generators/upload?${new URLSearchParams(query)}`;
  const stream = bytes instanceof ReadableStream ? { duplex: 'half' as const } : {};
  return fetch(address, { method: 'POST', headers, body: bytes as NonNullable<RequestInit['body']>, ...stream });
}
const sent = async (bytes: Uint8Array, query: Readonly<Record<string, string>>) => {
  const answer = await send(bytes, query);
  expect(answer.status).toBe(202);
  return ANSWERS.Job.parse(await answer.json());
};
const ended = async ({ id }: Pick<Job, 'id'>) =>
  until('the job has ended', async () => {
    const job = await server.api<Job>('GET', `/api/jobs/${id}`);
    return !['queued', 'running'].includes(job.state) && job;
  });
const uploads = () => readdir(join(folder, 'data/uploads'));
const nothingLeft = () => until('nothing is left of it', async () => (await uploads()).length === 0, { every: 50 });

it('a server begins without what its predecessor did not receive to the end', async () => {
  expect(await uploads()).toEqual([]);
});

it('a file that is sent becomes a generator, with its report and samples, and is not kept', async () => {
  const job = await ended(await sent(CATS, { filename: 'C:\\nets\\My Cats.pkl', licence: 'CC0', psi: '0.6', rows: '4:12' }));
  expect(job).toMatchObject({ state: 'completed', kind: 'import', done: 4, total: 4 });
  expect(job.result).toMatchObject({
    name: 'my-cats',
    licence: 'CC0',
    psi: 0.6,
    file: { name: 'My Cats.pkl', bytes: CATS.length },
  });
  await nothingLeft();
  const cats = ANSWERS.GeneratorDetail.parse(await server.api('GET', '/api/generators/my-cats'));
  expect(cats).toMatchObject({
    bundled: false,
    layers: 6,
    projects: [],
    labelSize: 16,
    report: { name: 'my-cats', known: false },
  });
  const sheet = await fetch(`${server.url}/api/generators/my-cats/samples.png`);
  expect(sheet.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await sheet.arrayBuffer())).toEqual(await readFile(join(folder, 'data/generators/my-cats/samples.png')));
});

it('a generator that came without samples is drawn; the bundled one says that it is bundled', async () => {
  await rm(join(folder, 'data/generators/my-cats/samples.png'));
  const sheet = await (await fetch(`${server.url}/api/generators/my-cats/samples.png`)).arrayBuffer();
  const view = new DataView(sheet);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([4 * 16, 2 * 8]);
  const own = await server.api<GeneratorDetail>('GET', '/api/generators/portraits-256');
  expect(own).toMatchObject({ bundled: true, report: null, commercialUse: true });
});

it.runIf(has('checkpoints'))('a checkpoint of the original program arrives whole', async () => {
  const file = await readFile(join(CHECKPOINTS, 'ada_skip.pkl'));
  const { result } = await ended(await sent(file, { filename: 'ada_skip.pkl', name: 'ada' }));
  expect(result).toMatchObject({ name: 'ada', family: 'stylegan2', file: { bytes: file.length } });
});

it('several at once, of the same file: one is made, the others find it', async () => {
  const dogs = adaFile(tinyStylegan2({ noise: true, channels: [4, 2] }), TINY_SETTINGS);
  const jobs = await Promise.all(['a', 'b', 'c'].map((name) => sent(dogs, { filename: 'dogs.pkl', name })));
  const results = await Promise.all(jobs.map(ended));
  expect(results.map(({ result }) => result?.known).sort()).toEqual([false, true, true]);
  expect(new Set(results.map(({ result }) => result?.name)).size).toBe(1);
  await nothingLeft();
});

it('what is wrong with a file is said by its job, as for a file on the disk', async () => {
  const page = new TextEncoder().encode('<!DOCTYPE html><html><body>Sign in</body></html>');
  expect(await ended(await sent(page, { filename: 'cats.pkl' }))).toMatchObject({
    state: 'failed',
    error: { code: 'checkpoint-unsupported', message: expect.stringContaining('web page'), fix: expect.any(String) },
  });
  await nothingLeft();
});

it('a file above the limit is refused with the limit, whether or not its length is announced', async () => {
  const large = new Uint8Array(1.6e6);
  const blob = new Blob([large]);
  for (const body of [large, blob.stream()]) {
    const answer = await send(body, { filename: 'large.pkl' });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      error: { code: 'body-too-large', message: 'The file is larger than 1 MB.', fix: expect.stringContaining('UPLOAD_LIMIT') },
    });
  }
  expect(await uploads()).toEqual([]);
});

it('options that cannot be are refused before anything is written', async () => {
  for (const [query, field] of [
    [{}, 'filename'],
    [{ filename: 'x.pkl', psi: '9' }, 'psi'],
    [{ filename: 'x.pkl', rows: '64' }, 'rows'],
    [{ filename: 'x.pkl', file: '/etc/passwd' }, 'file'],
  ] as const) {
    const answer = await send(CATS, query);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: { message: string } }).error.message).toContain(field);
  }
  expect((await send(CATS, { filename: 'x.pkl' }, { 'content-type': 'application/json' })).status).toBe(415);
  expect((await send(CATS, { filename: 'x.pkl' }, { ...OCTETS, 'content-encoding': 'gzip' })).status).toBe(415);
  expect((await send(CATS, { filename: 'x.pkl' }, { ...OCTETS, origin: 'http://evil.example' })).status).toBe(403);
  expect(await uploads()).toEqual([]);
});

it('a connection that breaks leaves nothing behind', async () => {
  const broken = request(`${server.url}/api/generators/upload?filename=half.pkl`, {
    method: 'POST',
    headers: { ...OCTETS, 'content-length': '1000000' },
  });
  broken.on('error', () => undefined);
  broken.write(new Uint8Array(300_000));
  await until('half of it is there', async () => (await uploads()).length === 1, { every: 20 });
  broken.destroy();
  await nothingLeft();
});

it('an import that waits and is cancelled leaves nothing; one that waits while the server stops is done by the next', async () => {
  const birds = adaFile(tinyStylegan2({ noise: true, channels: [3, 2] }), TINY_SETTINGS);
  const release = server.engine.hold((task) => task === 'convertFile');
  const first = await sent(birds, { filename: 'birds.pkl' });
  const second = await sent(birds, { filename: 'more.pkl' });
  await until('the first runs', async () => server.engine.held > 0);
  expect(await uploads()).toHaveLength(2);
  await server.api('DELETE', `/api/jobs/${second.id}`);
  expect(await uploads()).toHaveLength(1);
  await server.stop();
  release();
  await start();
  expect(await ended(first)).toMatchObject({ state: 'completed', result: { name: 'birds' } });
  await nothingLeft();
  const names = (await server.api<GeneratorSummary[]>('GET', '/api/generators')).map(({ name }) => name);
  expect(names).toContain('birds');
  expect(names).not.toContain('more');
});

it('between two pictures: the ends are the pictures themselves', async () => {
  const picture = async (query: string) => {
    const answer = await fetch(`${server.url}/api/generators/portraits-256/images/7.png${query}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const other = Buffer.from(await (await fetch(`${server.url}/api/generators/portraits-256/images/8.png`)).arrayBuffer());
  expect(await picture('?mix=8&share=0')).toEqual(await picture(''));
  expect(await picture('?mix=8&share=1')).toEqual(other);
  const half = await picture('?mix=8');
  expect(half).toEqual(await picture('?mix=8&share=0.5'));
  expect(half).not.toEqual(other);
  expect(half).not.toEqual(await picture(''));
});
