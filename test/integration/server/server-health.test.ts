import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ANSWERS, type Job } from '../../../src/api/answers.ts';
import { presentWorker } from '../../../src/jobs/worker-presence.ts';
import { type InnerServer, startInnerServer } from '../../support/our-server.ts';
import { insertProject } from '../../support/store-rows.ts';
import { until } from '../../support/until.ts';

const NOBODY = 'http://127.0.0.1:9';
let server: InnerServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-health-'));
  const env = { UPLOAD_LIMIT: '1GB', MEMORY_LIMIT: '1GB', ENGINE_THREADS: '2' };
  server = await startInnerServer({
    name: 'server-health',
    labelStudio: NOBODY,
    key: 'a-key',
    dataDir: join(folder, 'data'),
    env,
  });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const health = async () => ANSWERS.Health.parse(await server.api('GET', '/api/health'));
const metrics = async () => (await fetch(`${server.url}/metrics`)).text();

it('says what the server is and has', async () => {
  const { versions, engine, memory, disk, uploadLimit, workers } = await health();
  expect(versions).toMatchObject({ node: process.versions.node, database: expect.stringMatching(/^PGlite, PostgreSQL \d+/) });
  expect(engine).toEqual({
    threads: 2,
    lanes: ['interactive', 'batch', 'codec'].map((name) => ({ name, tasks: 0 })),
  });
  expect(memory.limit).toBe(1e9);
  expect(memory.used).toBeGreaterThan(50e6);
  expect(memory.used).toBeLessThan(memory.machine);
  expect(disk.free).toBeGreaterThan(0);
  expect(uploadLimit).toBe(1e9);
  expect(workers).toEqual([]);
});

it('lists workers while they are there, and none that is lost', async () => {
  const { product } = server;
  const leave = await presentWorker(product, 3);
  const lost = await presentWorker(product, 1);
  expect((await health()).workers).toMatchObject([{ concurrency: 3 }, { concurrency: 1 }]);
  expect(await metrics()).toContain('datasetgan_workers 2');
  const { db } = product.store;
  await db.updateTable('workers').set({ seen_at: sql`now() - interval '2 minutes'` }).where('concurrency', '=', 1).execute();
  expect((await health()).workers).toMatchObject([{ concurrency: 3, threads: 2 }]);
  await leave();
  expect((await health()).workers).toEqual([]);
  await lost();
});

it('counts jobs that have ended, by how they ended', async () => {
  await writeFile(join(folder, 'page.pkl'), '<!DOCTYPE html><html></html>');
  const { id } = await server.api<Job>('POST', '/api/generators', { file: join(folder, 'page.pkl') });
  await until('it has failed', async () => (await server.api<Job>('GET', `/api/jobs/${id}`)).state === 'failed');
  expect(await metrics()).toContain('datasetgan_job_seconds_count{kind="import",outcome="failed"} 1');
  expect((await health()).jobs).toContainEqual({ kind: 'import', state: 'failed', count: 1 });
  const kinds = async (query: string) => new Set((await server.api<Job[]>('GET', `/api/jobs${query}`)).map(({ kind }) => kind));
  expect(await kinds('')).toContain('reconcile');
  expect(await kinds('?housekeeping=false')).toEqual(new Set(['import']));
});

it("finds what the doctor finds: a Label Studio that does not answer, and a project's last problem with its fix", async () => {
  const problem = JSON.stringify({ code: 'bad-label-config', message: 'It has no labels.', fix: 'Add labels.' });
  const project = await insertProject(server.product.store.db, { title: 'Hands & <b>feet</b>', generator: 'portraits-256' });
  await project.change({ problem });
  const sections = ANSWERS.Findings.parse(await server.api('GET', '/api/health/findings'));
  expect(sections).toMatchObject([
    { title: NOBODY, labelStudio: null, findings: [{ level: 'fail', fix: expect.any(String) }] },
    {
      title: expect.stringContaining('"Hands & <b>feet</b>"'),
      findings: [
        { level: 'fail', what: 'It has no labels.', fix: 'Add labels.' },
        { level: 'warn', fix: expect.stringContaining('LABEL_STUDIO_URL') },
      ],
    },
  ]);
});
