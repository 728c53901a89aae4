import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderDataset } from '../../../src/jobs/datasets/plan/order-dataset.ts';
import type { Opened } from '../../../src/jobs/open-product.ts';
import type { Product } from '../../../src/jobs/product/product.ts';
import type { ServerRecord } from '../../../src/jobs/server-record.ts';
import { start } from '../../../src/jobs/start.ts';
import { createLogger } from '../../../src/log.ts';
import { readSettings } from '../../../src/settings.ts';
import { requireDataset } from '../../../src/store/datasets.ts';
import { listJobs } from '../../../src/store/jobs.ts';
import { getSetting, setSetting } from '../../../src/store/stored-settings.ts';
import { has } from '../../support/needs.ts';
import { s3Place } from '../../support/s3-server.ts';
import { until } from '../../support/until.ts';
import { untrainedProject } from '../../support/untrained-project.ts';
import { startWorkerProcess, type WorkerProcess } from '../../support/worker-process.ts';
import { type TestState, testState } from '../store/test-store.ts';

const HOUR = 3_600_000;
const SHARD = 2;
const PAIRS = 12;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasetgan-workers-'));
});
afterAll(() => rm(root, { recursive: true }));

async function order(product: Product, project: string): Promise<string> {
  const asked = { count: PAIRS, destination: 'files', formats: [] } as const;
  const { dataset } = await orderDataset(product, project, asked, { from: 'test' });
  return dataset.id;
}

async function completed(product: Product, dataset: string): Promise<void> {
  await until(
    'all pairs are made',
    async () => {
      const { state } = await requireDataset(product.store.db, dataset);
      if (state === 'failed' || state === 'cancelled') throw new Error(`The dataset is ${state}.`);
      return state === 'completed';
    },
    { seconds: 150, show: () => listJobs(product.store.db, { datasetId: dataset, limit: 50 }) },
  );
}

/** sha256 of every shard by its key. */
async function shardHashes(product: Product): Promise<Record<string, string>> {
  const keys = (await Array.fromAsync(product.storage.list('shards'))).map(({ key }) => key).sort();
  const hashes: Record<string, string> = {};
  for (const key of keys)
    hashes[key] = createHash('sha256')
      .update(await product.storage.get(key))
      .digest('hex');
  return hashes;
}

/** The same order, made by one process. */
async function alone(): Promise<Record<string, string>> {
  const { product, close } = await start(readSettings({ DATA_DIR: join(root, 'alone') }), createLogger('silent'));
  try {
    await completed(product, await order(product, await untrainedProject(product, { shardSize: SHARD })));
    return await shardHashes(product);
  } finally {
    await close();
  }
}

describe.runIf(has('postgres'))('workers of a server', () => {
  let state: TestState;
  let env: Record<string, string>;
  let server: Opened;
  const workers = new Set<WorkerProcess>();

  const startWorker = (name: string, options: Parameters<typeof startWorkerProcess>[1] = {}) => {
    const worker = startWorkerProcess({ ...env, DATA_DIR: join(root, name), ENGINE_THREADS: '1' }, options);
    workers.add(worker);
    void worker.ended.then(() => workers.delete(worker));
    return worker;
  };

  beforeAll(async () => {
    state = await testState('server');
    const place = has('s3') ? await s3Place() : undefined;
    env = {
      DATABASE_URL: state.databaseUrl ?? '',
      LOG_LEVEL: 'info',
      ...(place === undefined
        ? { STORAGE_URL: `file://${join(root, 'storage')}` }
        : { STORAGE_URL: `s3://${place.bucket}/${place.prefix}`, S3_ENDPOINT: place.endpoint }),
    };
    const settings = readSettings({ ...env, DATA_DIR: join(root, 'server') });
    server = await start(settings, createLogger('silent'), { makeShards: false });
  });
  afterAll(async () => {
    for (const worker of workers) await worker.kill();
    await server.close();
    await state.remove();
  });

  test('four of them, killed at random, two with wrong clocks, make every shard, with the bytes of one process', async () => {
    const { product } = server;
    const dataset = await order(product, await untrainedProject(product, { shardSize: SHARD }));
    const clocks = [0, HOUR, -HOUR, 0];
    const begin = (index: number) => startWorker(`worker-${index}`, { clockOffset: clocks[index % 4]! });
    const four = clocks.map((_, index) => begin(index));
    // Each is killed in its first shard, whichever that is and however far it has come, and another machine takes its place.
    for (const [index, worker] of four.entries()) {
      await worker.joined();
      await new Promise((resolve) => setTimeout(resolve, 300 + 400 * index));
      await worker.kill();
      begin(4 + index);
    }
    await completed(product, dataset);
    for (const worker of [...workers]) expect(await worker.stop()).toBe(0);

    const { delivered, candidates, dropped } = await requireDataset(product.store.db, dataset);
    expect({ delivered, candidates, dropped }).toEqual({ delivered: PAIRS, candidates: 14, dropped: 2 });
    const made = await shardHashes(product);
    expect(Object.keys(made)).toHaveLength(7);
    expect(made).toEqual(await alone());
  });

  test('SIGTERM: what was begun is finished, nothing is left behind', async () => {
    const { product } = server;
    const project = await untrainedProject(product, { shardSize: 4 });
    const { dataset } = await orderDataset(
      product,
      project,
      { count: 7, destination: 'files', formats: [], seedStart: 5_000_000 },
      {},
    );
    const worker = startWorker('drained', { args: ['--concurrency', '2'] });
    const running = async () =>
      (await listJobs(product.store.db, { datasetId: dataset.id, kinds: ['shard'], states: ['running'], limit: 9 })).length === 2;
    await until('both shards are in work', running, { every: 50 });
    expect(await worker.stop()).toBe(0);
    await completed(product, dataset.id);
    const shards = await listJobs(product.store.db, { datasetId: dataset.id, kinds: ['shard'], limit: 9 });
    expect(shards.map(({ state, interruptions, failures }) => ({ state, interruptions, failures }))).toEqual([
      { state: 'completed', interruptions: 0, failures: 0 },
      { state: 'completed', interruptions: 0, failures: 0 },
    ]);
  });

  test('it tells its health, and ends when the server is of another release', async () => {
    const { product } = server;
    const worker = startWorker('checked', { args: ['--port', '0'] });
    const url = await until('the worker listens', async () => /"health":"([^"]+)"/.exec(worker.output())?.[1]);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('datasetgan_engine_tasks{lane="batch"} 0');
    const project = await untrainedProject(product, { shardSize: 4 });
    const record = await getSetting(product.store.db, 'server');
    await setSetting(product.store.db, 'server', { ...(record as ServerRecord), onnxruntime: '1.0.0' });
    const { dataset } = await orderDataset(
      product,
      project,
      { count: 1, destination: 'files', formats: [], seedStart: 6_000_000 },
      {},
    );
    expect(await worker.ended).toBe(1);
    expect(worker.output()).toContain('The server runs another release: ONNX Runtime 1.0.0');
    const [shard] = await listJobs(product.store.db, { datasetId: dataset.id, kinds: ['shard'], limit: 9 });
    expect(shard).toMatchObject({ state: 'queued', failures: 0 });
    await setSetting(product.store.db, 'server', record);
    await product.queues.cancelAll({ datasetId: dataset.id });
  });

  test.each([
    [{ DATABASE_URL: '' }, 'DATABASE_URL is not set'],
    [{ STORAGE_URL: '', S3_ENDPOINT: '' }, 'STORAGE_URL is not set'],
    [{ STORAGE_URL: 'file://ROOT/another', S3_ENDPOINT: '' }, 'is not the one that the server uses'],
    [{}, '--concurrency 0 is not valid.\n→ It must be a whole number from 1 to 256', ['--concurrency', '0']],
  ])('refused: %j', async (wrong: Record<string, string>, message, args: string[] = []) => {
    const settings = Object.entries(wrong).map(([name, value]) => [name, value.replace('ROOT', root)]);
    const worker = startWorkerProcess({ ...env, DATA_DIR: join(root, 'refused'), ...Object.fromEntries(settings) }, { args });
    expect(await worker.ended).toBe(1);
    expect(worker.output()).toContain(message);
    expect(worker.output()).toContain('→ ');
  });
});
