/**
 * Many machines, on one: four one-thread workers against one two-thread process; what the queue costs a shard; 64 workers whose compute is a
 * timer. Arguments: pairs of the first part (default 240), and the parts to run (default: pairs queue simulation).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { orderDataset } from '../../src/jobs/datasets/plan/order-dataset.ts';
import type { Opened } from '../../src/jobs/open-product.ts';
import { openQueues } from '../../src/jobs/queue/queues.ts';
import { start } from '../../src/jobs/start.ts';
import { createLogger } from '../../src/log.ts';
import { readSettings } from '../../src/settings.ts';
import { requireDataset } from '../../src/store/datasets.ts';
import { countJobs } from '../../src/store/jobs.ts';
import { openStore } from '../../src/store/store.ts';
import { until } from '../support/until.ts';
import { untrainedProject } from '../support/untrained-project.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { type BenchServices, startServices } from './support/bench-services.ts';
import { machine, report } from './support/report.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAIRS = Number(process.argv[2] ?? 240);
const PARTS = process.argv.slice(3);
const log = createLogger('error');
const wants = (part: string) => PARTS.length === 0 || PARTS.includes(part);

console.log(`scale: portraits-256 at 256 px, 10 classifiers; ${machine()}`);
const services = await startServices();
try {
  if (wants('pairs')) await comparePairs(services);
  if (wants('queue')) await measureQueue(services);
  if (wants('simulation')) await simulate(services);
} finally {
  await services.stop();
}

/** Candidates a second of a second order, when all sessions are built; the filter is left out, so that all candidates count. */
async function pairRate(server: Opened, shardSize: number, warmUp: number): Promise<number> {
  const { product } = server;
  const project = await untrainedProject(product, { shardSize });
  const order = async (count: number, seedStart: number) => {
    const asked = { count, filter: 0, seedStart, destination: 'files', formats: [] } as const;
    const began = performance.now();
    const { dataset } = await orderDataset(product, project, asked, {});
    await until('the pairs are made', async () => (await requireDataset(product.store.db, dataset.id)).state === 'completed', {
      seconds: 3600,
      every: 20,
    });
    return count / ((performance.now() - began) / 1000);
  };
  await order(warmUp, 1_000_000);
  return await order(PAIRS, 2_000_000);
}

async function comparePairs({ folder, database }: BenchServices): Promise<void> {
  const shared = (name: string, databaseUrl: string, threads: string) => ({
    DATABASE_URL: databaseUrl,
    DATA_DIR: join(folder, name),
    STORAGE_URL: `file://${join(folder, 'storage')}`,
    ENGINE_THREADS: threads,
    LOG_LEVEL: 'error',
  });
  const alone = await start(readSettings(shared('alone', await database('alone'), '2')), log);
  const one = await pairRate(alone, 10, 20);
  await alone.close();

  const databaseUrl = await database('four');
  const server = await start(readSettings(shared('server', databaseUrl, '1')), log, { makeShards: false });
  const workers = [1, 2, 3, 4].map((name) => startWorkerProcess(shared(`worker-${name}`, databaseUrl, '1')));
  // As many shards as warm every worker up, whichever comes first.
  const four = await pairRate(server, 10, 80);
  await Promise.all(workers.map((worker) => worker.stop()));
  await server.close();
  console.log(
    `  one process, two threads: ${Math.round(one * 3600)} pairs/h; four workers, one thread each: ${Math.round(four * 3600)} pairs/h`,
  );
  report('four one-thread workers / one two-thread process', four / one, 0.95, '', 'more');
}

/** Claim, begin, end and the wake-up for the next, with nothing in between. */
async function measureQueue({ folder, database }: BenchServices): Promise<void> {
  const JOBS = 500;
  const store = await openStore({ dataDir: join(folder, 'queue'), databaseUrl: await database('queue') });
  const queues = await openQueues(store);
  await store.db.transaction().execute(async (trx) => {
    for (let index = 0; index < JOBS; index++)
      await queues.enqueue('shard', { projectKey: 'p', datasetId: 'd', planId: 'plan', index }, { db: trx });
  });
  const began = performance.now();
  await queues.work('shard', async ({ progress }) => {
    progress(1, 1);
    return { made: 1 };
  });
  const left = async () => (await countJobs(store.db)).some(({ state }) => state === 'queued' || state === 'running');
  await until('all jobs have run', async () => !(await left()), { every: 10 });
  report('queue overhead a shard', (performance.now() - began) / JOBS, 20, 'ms');
  await queues.stop();
  await store.close();
}

/** 64 workers in 8 processes; a shard's compute is a timer of 5 s (a real one takes 60), then none at all. */
async function simulate({ folder, database, transactions, cpuSeconds }: BenchServices): Promise<void> {
  const [PROCESSES, EACH, SHARD] = [8, 8, 150];
  for (const [seconds, shards] of [
    [5, 640],
    [0, 1280],
  ] as const) {
    const databaseUrl = await database(`simulation_${seconds}`);
    const env = {
      DATABASE_URL: databaseUrl,
      DATA_DIR: join(folder, 'simulation'),
      STORAGE_URL: `file://${join(folder, 'simulated')}`,
      LOG_LEVEL: 'error',
    };
    const server = await start(readSettings(env), log, { makeShards: false });
    const children: ChildProcess[] = [];
    for (let i = 0; i < PROCESSES; i++) children.push(await simulatedWorkers(EACH, seconds, env));
    const project = await untrainedProject(server.product, { shardSize: SHARD, members: 1 });
    const asked = { count: shards * SHARD, filter: 0, destination: 'files', formats: [] } as const;
    const [commits, cpu] = [await transactions(databaseUrl), cpuSeconds()];
    const { dataset } = await orderDataset(server.product, project, asked, {});
    const done = async () => (await requireDataset(server.product.store.db, dataset.id)).state === 'completed';
    await until('all shards are made', done, { seconds: 3600, every: 50 });
    const { wall } = await server.product.store.db
      .selectFrom('jobs')
      .select((row) => [row.fn.min('started_at').as('first'), row.fn.max('finished_at').as('last')])
      .where('kind', '=', 'shard')
      .executeTakeFirstOrThrow()
      .then(({ first, last }) => ({ wall: (new Date(last!).getTime() - new Date(first!).getTime()) / 1000 }));
    const load = `${((await transactions(databaseUrl)) - commits) / shards} transactions and ${((1000 * (cpuSeconds() - cpu)) / shards).toFixed(1)} ms of PostgreSQL's CPU a shard`;
    const workers = PROCESSES * EACH;
    if (seconds > 0) {
      const share = (shards * seconds) / workers / wall;
      console.log(`  ${workers} workers, shards of ${seconds} s: ${shards} in ${wall.toFixed(1)} s; ${load}`);
      report(`${workers} simulated workers, share of linear`, share, 0.9, '', 'more');
    } else {
      const rate = shards / wall;
      console.log(
        `  ${workers} workers, shards of no work: ${rate.toFixed(0)} a second, as many as ${Math.round(rate * 60)} workers with shards of 60 s make; ${load}`,
      );
    }
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => new Promise((ended) => child.once('exit', ended))));
    await server.close();
  }
}

async function simulatedWorkers(count: number, seconds: number, env: Record<string, string>): Promise<ChildProcess> {
  const script = join(ROOT, 'test/bench/support/simulated-workers.ts');
  const child = spawn(process.execPath, [script, String(count), String(seconds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  await new Promise<void>((ready, failed) => {
    child.stdout?.once('data', () => ready());
    child.once('exit', (code) => failed(new Error(`The simulated workers ended with ${code}.`)));
  });
  return child;
}
