import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetDetail, Job } from '../../../src/api/answers.ts';
import { readPairs } from '../../../src/jobs/datasets/shards/read-pairs.ts';
import { makeDataFolder } from '../../support/data-folder.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { type OuterServer, startOuterServer } from '../../support/our-server.ts';
import { shardHashes } from '../../support/shard-hashes.ts';
import { until } from '../../support/until.ts';

const execute = promisify(execFile);
const MAIN = join(import.meta.dirname, '../../../src/main.ts');
const ORDER = { count: 600, filter: 0, destination: 'files', formats: [] } as const;
const SHARDS = 20;

let dataDir: string;
beforeAll(async () => {
  dataDir = await makeDataFolder('killed');
  const factory = await DatasetFactory.open({ dataDir });
  await factory.shardsOf(ORDER.count / SHARDS);
  await factory.close();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Kills the server when so many pairs are made, and starts it again. */
async function killAt(server: OuterServer, id: string, pairs: number): Promise<void> {
  await until(
    `${pairs} pairs are made`,
    async () => {
      const { state, job } = await server.api<DatasetDetail>('GET', `/api/datasets/${id}`);
      if (state === 'completed') throw new Error('It was complete too soon to be killed.');
      return job !== null && job.done >= pairs;
    },
    { every: 10 },
  );
  await server.kill();
  await server.start();
}

/** Looks at the datasets of a running server, and makes and deletes another one. */
async function byCommandLine({ url }: OuterServer, id: string): Promise<void> {
  const env = { ...process.env, PORT: new URL(url).port };
  const datasetgan = (...args: string[]) =>
    execute(process.execPath, [MAIN, ...args], { env }).then(
      ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
      ({ code: status, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ status, stdout, stderr }),
    );
  expect((await datasetgan('dataset', 'list')).stdout).toMatch(
    new RegExp(`^${id} {2}completed {2}600 of 600 +\\d+ MB {2}Factory: 600 pairs\n$`),
  );
  const ordered = await datasetgan(
    'synthesize',
    '7',
    '--count',
    '4',
    '--destination',
    'files',
    '--formats',
    '',
    '--title',
    'Another',
  );
  expect(ordered.status, ordered.stderr).toBe(0);
  const another = JSON.parse(ordered.stdout);
  expect(another).toMatchObject({ state: 'completed', title: 'Another', delivered: 4 });
  const extended = await datasetgan('dataset', 'extend', another.id, '--count', '3');
  expect(JSON.parse(extended.stdout)).toMatchObject({ state: 'completed', delivered: 7 });
  expect((await datasetgan('dataset', 'pause', another.id)).stderr).toContain('is completed: it cannot be paused');
  expect(JSON.parse((await datasetgan('dataset', 'delete', another.id, '--with-project')).stdout)).toMatchObject({
    id: another.id,
  });
  expect(await datasetgan('dataset', 'show', another.id)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(another.id),
  });
}

test('kill -9 of the server in mid-synthesis, again and again: nothing is lost, and no more is repeated than was in flight', async () => {
  const server = await startOuterServer({ name: 'killed-synthesis', labelStudio: 'http://127.0.0.1:9', dataDir });
  let id = '';
  try {
    id = (await server.api<Job>('POST', '/api/projects/7/datasets', ORDER)).dataset!;
    for (const pairs of [40, 240]) await killAt(server, id, pairs);
    await until('the dataset is complete', async () => {
      const { state, reasons } = await server.api<DatasetDetail>('GET', `/api/datasets/${id}`);
      if (state === 'failed') throw new Error(reasons.join(' '));
      return state === 'completed';
    });
    await byCommandLine(server, id);
  } finally {
    await server.stop();
  }

  const factory = await DatasetFactory.open({ dataDir });
  try {
    const { db } = factory.product.store;
    const seeds = (await Array.fromAsync(readPairs(factory.product, { id }))).map(({ record }) => record.seed);
    expect(seeds).toEqual(Array.from({ length: ORDER.count }, (_, i) => 1_000_000 + i));
    const jobs = await db.selectFrom('jobs').select(['attempt', 'state', 'interruptions']).where('kind', '=', 'shard').execute();
    expect(jobs.map(({ state }) => state)).toEqual(Array(SHARDS).fill('completed'));
    // Two are in flight at a time.
    expect(jobs.reduce((sum, { attempt }) => sum + attempt - 1, 0)).toBeLessThanOrEqual(2 * 2);

    // Made again without a break, from the same plan.
    const broken = await shardHashes(factory.product, id);
    expect(broken.size).toBe(SHARDS);
    await factory.backend.datasets.remove(id, { withProject: false });
    expect(await Array.fromAsync(factory.product.storage.list('shards'))).toEqual([]);
    await factory.shardsOf(ORDER.count / SHARDS);
    const again = await factory.order(ORDER);
    await factory.reaches(again, 'completed');
    expect(await shardHashes(factory.product, again)).toEqual(broken);
  } finally {
    await factory.close();
  }
});
