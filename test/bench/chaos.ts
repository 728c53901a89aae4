/**
 * kill -9, again and again, and then a count: are all pairs there, and is any there twice? The server is killed while it makes pairs and while
 * it brings them into a real Label Studio; workers are killed while they make shards. Arguments: rounds of each (default 50), and which of
 * `server` and `workers` (default both).
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Job } from '../../src/api/answers.ts';
import { orderDataset } from '../../src/jobs/datasets/plan/order-dataset.ts';
import { partsOf } from '../../src/jobs/datasets/record/dataset-parts.ts';
import { pairCostKey } from '../../src/jobs/datasets/record/pair-cost.ts';
import { readShard, shardKey } from '../../src/jobs/datasets/shards/shard-tar.ts';
import type { Product } from '../../src/jobs/product/product.ts';
import { start } from '../../src/jobs/start.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { createLogger } from '../../src/log.ts';
import { readSettings } from '../../src/settings.ts';
import { listDatasets, requireDataset } from '../../src/store/datasets.ts';
import { openStorage } from '../../src/store/objects/open-storage.ts';
import type { Dataset } from '../../src/store/schema.ts';
import { shardRecords } from '../../src/store/shards.ts';
import { openStore } from '../../src/store/store.ts';
import { setSetting } from '../../src/store/stored-settings.ts';
import { PORTRAITS_ID } from '../../src/stylegan/portraits/truth.ts';
import { candidateCount, candidateSeeds, shardsFor } from '../../src/synthesis/dataset-plan.ts';
import type { PairRecord } from '../../src/synthesis/pair-record.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { completedDataset, dataset as datasetDetail, seedsOfTasks } from '../support/dataset-project.ts';
import { startOuterServer } from '../support/our-server.ts';
import { startRealLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';
import { untrainedProject } from '../support/untrained-project.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { type BenchServices, startServices } from './support/bench-services.ts';
import { machine } from './support/report.ts';

const ROUNDS = Number(process.argv[2] ?? 50);
const PARTS = process.argv.slice(3);
const wants = (part: string) => PARTS.length === 0 || PARTS.includes(part);
/** Pairs of an order, and pairs in its shards. */
const [PAIRS, SHARD] = [30, 4];
type Phase = 'synthesize' | 'publish';

console.log(`chaos: portraits-256, kill -9 at random moments; ${machine()}`);
const services = await startServices();
try {
  if (wants('server')) await killServer(services);
  if (wants('workers')) await killWorkers(services);
} finally {
  await services.stop();
}

/** Orders of 30 pairs, one after the other; of each the server is killed three times while it makes pairs and four times while it publishes. */
async function killServer({ folder }: BenchServices): Promise<void> {
  const labelStudio = await startRealLabelStudio();
  const connection = new Connection({ base: labelStudio.url, key: labelStudio.personalAccessToken });
  const dataDir = join(folder, 'data');
  const server = await startOuterServer({
    name: 'chaos',
    labelStudio: labelStudio.url,
    key: labelStudio.personalAccessToken,
    dataDir,
  });
  try {
    const project = await ConnectedProject.connect(connection, server, { tasks: 2 });
    await project.learn(0);

    const kills = { synthesize: 0, publish: 0 };
    for (let order = 0; kills.synthesize + kills.publish < ROUNDS; order++) {
      await server.kill();
      await setShardSize(dataDir);
      await server.start();
      const asked = { count: PAIRS, seedStart: 1_000_000 * (order + 1), formats: [], title: `Chaos ${order}` };
      const { dataset: id = '' } = await server.api<Job>('POST', `/api/projects/${project.id}/datasets`, asked);
      const phases = [...Array<Phase>(3).fill('synthesize'), ...Array<Phase>(4).fill('publish')];
      for (const phase of phases) {
        if (kills.synthesize + kills.publish === ROUNDS) break;
        const state = await until(
          `the ${phase} job runs`,
          async () => {
            if ((await datasetDetail(server, id)).state === 'completed') return 'over';
            return (await project.jobs(phase)).some(({ dataset, state }) => dataset === id && state === 'running') && 'running';
          },
          { every: 20 },
        );
        if (state === 'over') break;
        await wait(Math.random() * (phase === 'synthesize' ? 2500 : 1000));
        await server.kill();
        await server.start();
        kills[phase]++;
      }
      await completedDataset(server, id);
    }
    await server.stop();

    const store = await openStore({ dataDir });
    const storage = await openStorage({ dataDir, storage: null });
    const count = { lost: 0, twice: 0, pairs: 0 };
    for (const dataset of await listDatasets(store.db)) {
      const expected = await expectedSeeds({ store, storage }, dataset);
      compare(count, expected.candidates, expected.stored);
      compare(count, expected.kept, await seedsOfTasks(connection, dataset.ls_project_id ?? 0));
      count.pairs += expected.kept.length;
    }
    await store.close();
    tell(`server, ${kills.synthesize} kills while making pairs, ${kills.publish} while publishing, ${count.pairs} pairs`, count);
  } finally {
    await server.stop();
    await labelStudio.stop();
  }
}

/** Shards of a few pairs, as if each took a minute: a kill shall fall between shards as well as into them. */
async function setShardSize(dataDir: string): Promise<void> {
  const store = await openStore({ dataDir });
  await setSetting(store.db, pairCostKey(PORTRAITS_ID), { seconds: 60 / SHARD, bytes: 150_000 });
  await store.close();
}

/** Four workers, of which one after the other is killed and replaced, whatever it does at that moment. */
async function killWorkers({ folder, database }: BenchServices): Promise<void> {
  const env = {
    DATABASE_URL: await database('chaos'),
    STORAGE_URL: `file://${join(folder, 'storage')}`,
    ENGINE_THREADS: '1',
    LOG_LEVEL: 'info',
  };
  const log = createLogger('error');
  const { product, close } = await start(readSettings({ ...env, DATA_DIR: join(folder, 'server') }), log, { makeShards: false });
  const begin = (slot: number) => startWorkerProcess({ ...env, DATA_DIR: join(folder, `worker-${slot}`) });
  const workers = [0, 1, 2, 3].map(begin);
  try {
    const project = await untrainedProject(product, { shardSize: SHARD });
    const count = { lost: 0, twice: 0, pairs: 0 };
    let kills = 0;
    for (let order = 0; kills < ROUNDS; order++) {
      await untrainedProject(product, { shardSize: SHARD });
      const asked = {
        count: PAIRS,
        filter: 0,
        seedStart: 1_000_000 * (order + 1),
        destination: 'files',
        formats: [],
      } as const;
      const { dataset } = await orderDataset(product, project, asked, {});
      const open = async () => ['queued', 'running'].includes((await requireDataset(product.store.db, dataset.id)).state);
      while (kills < ROUNDS && (await open())) {
        const slot = kills % workers.length;
        await workers[slot]!.joined();
        await wait(500 + Math.random() * 2500);
        await workers[slot]!.kill();
        workers[slot] = begin(slot);
        kills++;
      }
      await until('the pairs are made', async () => !(await open()), { seconds: 600 });
      const { candidates, stored } = await expectedSeeds(product, await requireDataset(product.store.db, dataset.id));
      compare(count, candidates, stored);
      count.pairs += candidates.length;
    }
    tell(`workers, ${kills} kills, ${count.pairs} pairs`, count);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await close();
  }
}

/** By the definition of a plan, not by the product's own choice: M seeds from the first on, of which those with the greatest (JS, seed) are dropped. */
async function expectedSeeds({ store, storage }: Pick<Product, 'store' | 'storage'>, dataset: Dataset) {
  const [{ plan, planId }] = (await partsOf(store.db, dataset.id)) as [Awaited<ReturnType<typeof partsOf>>[number]];
  const candidates = candidateSeeds(plan, 0, candidateCount(plan.count, plan.filter));
  const records: PairRecord[] = [];
  const stored: number[] = [];
  for (let index = 0; index < shardsFor(plan, candidates.length); index++) {
    records.push(...((await shardRecords(store.db, planId, index)) as PairRecord[]));
    for await (const { seed } of readShard(await storage.stream(shardKey(planId, index)), () => true)) stored.push(seed);
  }
  const certain = [...records].sort((a, b) => a.js - b.js || a.seed - b.seed).slice(0, plan.count);
  return { candidates, stored, kept: certain.map(({ seed }) => seed) };
}

function compare(count: { lost: number; twice: number }, expected: readonly number[], found: readonly number[]): void {
  const there = new Set(found);
  count.lost += expected.filter((seed) => !there.has(seed)).length;
  count.twice += found.length - there.size;
}

function tell(what: string, { lost, twice }: { lost: number; twice: number }): void {
  const ratio = lost + twice === 0 ? 'reached' : 'missed';
  console.log(`  ${what}\n    figure ${lost} lost, ${twice} twice  anchor 0 lost, 0 twice  ${ratio}`);
}
