import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetDetail, Job } from '../../../src/api/answers.ts';
import { requireOwnState } from '../../../src/jobs/backup-state.ts';
import { restoreBackup } from '../../../src/store/backup/restore-backup.ts';
import { updateProject } from '../../../src/store/projects.ts';
import { type InnerServer, startInnerServer } from '../../support/our-server.ts';
import { until } from '../../support/until.ts';
import { untrainedProject } from '../../support/untrained-project.ts';

const MAIN = resolve(import.meta.dirname, '../../../src/main.ts');
const ASKED = 24;

let root: string;
let dataset: string;
/** What the current version sees in a picture, before. */
let seen: Buffer;
let key: string;
const place = (name: string) => join(root, name);

const serverOf = (dataDir: string) => startInnerServer({ name: 'backup', labelStudio: 'http://127.0.0.1:1', dataDir });

/** A command in a process of its own, as a user would run it. */
async function datasetgan(dataDir: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  const all = { PATH: process.env.PATH, DATA_DIR: dataDir, ...env };
  return (await promisify(execFile)(process.execPath, [MAIN, ...args], { env: all })).stdout;
}

async function prediction({ url }: InnerServer): Promise<Buffer> {
  const answer = await fetch(`${url}/api/projects/1/predictions/5.png`);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'backup-'));
  const server = await serverOf(place('first'));
  key = await untrainedProject(server.product, { shardSize: 4, members: 2 });
  await updateProject(server.product.store.db, key, { state: 'connected' });
  seen = await prediction(server);
  const job = await server.api<Job>('POST', '/api/projects/1/datasets', { count: ASKED, destination: 'files' });
  dataset = job.dataset!;
  await until('a shard is made', async () => (await server.api<DatasetDetail>('GET', `/api/datasets/${dataset}`)).bytes > 0);
  await server.api('POST', `/api/datasets/${dataset}/pause`);
  await datasetgan(place('first'), { PORT: new URL(server.url).port }, 'backup', place('running.tar'));
  await server.stop();
  await datasetgan(place('first'), {}, 'backup', place('stopped.tar'));
  // What is restored must not lean on it.
  await rm(place('first'), { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

test.each(['running', 'stopped'])(
  'made of a %s server: what is restored answers predictions and finishes the dataset',
  async (how) => {
    const backup = place(`${how}.tar`);
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    const dataDir = place(`restored-${how}`);
    expect(await datasetgan(dataDir, {}, 'restore', backup)).toMatch(/→ .*datasetgan serve/);
    expect((await stat(join(dataDir, 'postgres/PG_VERSION'))).mode & 0o077).toBe(0);
    const server = await serverOf(dataDir);
    try {
      expect(await prediction(server)).toEqual(seen);
      const before = await server.api<DatasetDetail>('GET', `/api/datasets/${dataset}`);
      expect(before).toMatchObject({ state: 'paused', asked: ASKED, folder: join(dataDir, 'datasets', dataset) });
      expect(before.bytes).toBeGreaterThan(0);
      await server.api('POST', `/api/datasets/${dataset}/resume`);
      const look = () => server.api<DatasetDetail>('GET', `/api/datasets/${dataset}`);
      await until('the dataset is complete', async () => (await look()).state === 'completed');
      expect(await look()).toMatchObject({ delivered: ASKED, reasons: [] });
      expect((await readdir(join(dataDir, 'datasets', dataset, 'masks'))).length).toBe(ASKED);
    } finally {
      await server.stop();
    }
  },
);

test('a damaged or cut backup leaves an empty folder empty', async () => {
  const whole = await readFile(place('stopped.tar'));
  const damaged = Buffer.from(whole);
  damaged[Math.floor(whole.length / 2)]! ^= 1;
  for (const [name, bytes] of [
    ['damaged', damaged],
    ['cut', whole.subarray(0, Math.floor(whole.length / 2))],
    ['foreign', Buffer.from('no tar at all')],
  ] as const) {
    await writeFile(place(name), bytes);
    await expect(restoreBackup(place(name), place('empty'))).rejects.toMatchObject({ code: 'corrupt-file' });
    expect((await readdir(place('empty'))).filter((entry) => !entry.startsWith('datasetgan.'))).toEqual([]);
  }
});

test('a file that is not there is called that', async () => {
  await expect(restoreBackup(place('none'), place('empty'))).rejects.toMatchObject({ code: 'not-found' });
});

test('a backup overwrites no file, and a restore no data folder', async () => {
  await writeFile(place('there'), '');
  await expect(datasetgan(place('nowhere'), {}, 'backup', place('there'))).rejects.toThrow(/already exists/);
  await expect(restoreBackup(place('stopped.tar'), root)).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('is not empty'),
  });
});

test('where database or files are elsewhere, it says what to use instead', () => {
  const fix = expect.stringContaining('pg_dump');
  expect(() => requireOwnState({ databaseUrl: 'postgres://db/x', storage: null })).toThrow(
    expect.objectContaining({ code: 'wrong-state', message: expect.stringContaining('DATABASE_URL'), fix }),
  );
  expect(() => requireOwnState({ databaseUrl: null, storage: { kind: 'folder', folder: '/mnt' } })).toThrow(
    expect.objectContaining({ code: 'wrong-state', message: expect.stringContaining('STORAGE_URL'), fix }),
  );
  expect(() => requireOwnState({ databaseUrl: null, storage: null })).not.toThrow();
});
