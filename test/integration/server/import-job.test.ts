import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GeneratorSummary, Job } from '../../../src/api/answers.ts';
import { ANSWERS } from '../../../src/api/answers.ts';
import type { ImportOptions } from '../../../src/api/requests.ts';
import { adaFile } from '../../support/checkpoint-writers/stylegan2-files.ts';
import { type InnerServer, startInnerServer } from '../../support/our-server.ts';
import { stopCopying } from '../../support/stop-copying.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';
import { until } from '../../support/until.ts';

let server: InnerServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-job-'));
  server = await startInnerServer({ name: 'import-job', labelStudio: 'http://127.0.0.1:9', dataDir: join(folder, 'data') });
  await writeFile(join(folder, 'cats.pkl'), adaFile(tinyStylegan2({ noise: true }), TINY_SETTINGS));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const imported = (file: string, options: Partial<ImportOptions> = {}) =>
  server.api<Job>('POST', '/api/generators', { file: join(folder, file), ...options });
const jobNow = (id: string) => server.api<Job>('GET', `/api/jobs/${id}`);
const ended = async ({ id }: Job) =>
  until('the job has ended', async () => {
    const job = await jobNow(id);
    return !['queued', 'running'].includes(job.state) && job;
  });
const folders = () => readdir(join(folder, 'data/generators'));

it('is cancelled in the middle, and leaves nothing', async () => {
  const release = server.engine.hold((task) => task === 'tryGenerator');
  try {
    const job = await imported('cats.pkl');
    expect(job).toMatchObject({ kind: 'import', state: 'queued' });
    await until('it was converted', async () => server.engine.held > 0);
    await until('it says so', async () => {
      const { state, done, total } = await jobNow(job.id);
      return state === 'running' && done === 1 && total === 4;
    });
    await server.api('DELETE', `/api/jobs/${job.id}`);
    expect(await ended(job)).toMatchObject({ state: 'cancelled' });
    await until('its folder is gone', async () => (await folders()).length === 0);
  } finally {
    release();
  }
});

it('is a job whose result is the report', async () => {
  const job = await ended(await imported('cats.pkl', { licence: 'CC0' }));
  expect(job).toMatchObject({ state: 'completed', done: 4, total: 4 });
  expect(ANSWERS.ImportReport.parse(job.result)).toMatchObject({ name: 'cats', known: false, licence: 'CC0', resolution: 16 });
  const generators = await server.api<GeneratorSummary[]>('GET', '/api/generators');
  expect(generators.map(({ name }) => name)).toEqual(['portraits-256', 'cats']);
  expect((await ended(await imported('cats.pkl', { name: 'again' }))).result).toMatchObject({ name: 'cats', known: true });
});

it('fails by what is wrong with the file, with the code and what to do', async () => {
  await writeFile(join(folder, 'page.pkl'), '<!DOCTYPE html><html><body>Sign in</body></html>');
  await writeFile(join(folder, 'evil.pkl'), Buffer.from('\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.', 'latin1'));
  const whole = adaFile(tinyStylegan2({ noise: true, channels: [4, 2] }), TINY_SETTINGS);
  await writeFile(join(folder, 'half.pkl'), whole.subarray(0, whole.length / 2));
  await symlink('/dev/zero', join(folder, 'zero.pkl'));
  for (const [file, code] of [
    ['page.pkl', 'checkpoint-unsupported'],
    ['evil.pkl', 'checkpoint-hostile'],
    ['half.pkl', 'checkpoint-truncated'],
    ['none.pkl', 'not-found'],
    ['zero.pkl', 'checkpoint-unsupported'],
  ] as const)
    expect(await ended(await imported(file))).toMatchObject({
      state: 'failed',
      error: { code, message: expect.any(String), fix: expect.any(String) },
    });
  expect(await folders()).toEqual(['cats']);
});

it('a disk that hangs holds up nothing but its own import', async () => {
  const hung = await imported('cats.pkl', { name: 'hung' });
  await stopCopying(join(folder, 'cats.pkl'));
  // What computes goes on: nobody in the engine waits for the file.
  expect(server.engine.load()).toEqual({ interactive: 0, batch: 0, codec: 0 });
  const image = await fetch(`${server.url}/api/generators/portraits-256/images/5.png`);
  expect(image.status).toBe(200);
  await server.api('DELETE', `/api/jobs/${hung.id}`);
  expect(await ended(hung)).toMatchObject({ state: 'cancelled' });
  await until('its folder is gone', async () => (await folders()).length === 1);
  expect(await ended(await imported('cats.pkl'))).toMatchObject({ state: 'completed' });
});

it('the server ends while a disk hangs', async () => {
  await imported('cats.pkl', { name: 'hung' });
  await stopCopying(join(folder, 'cats.pkl'));
  await server.stop();
  expect(await folders()).toEqual(['cats']);
});
