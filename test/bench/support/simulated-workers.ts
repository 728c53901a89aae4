/**
 * A process with many workers whose compute is a timer. Everything else is a worker's own: a connection pool and a queue of its own, claim,
 * heartbeat, progress, object, records. Arguments: how many, seconds a shard. Settings as for datasetgan worker.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { partsOf } from '../../../src/jobs/datasets/record/dataset-parts.ts';
import { shardKey } from '../../../src/jobs/datasets/shards/shard-tar.ts';
import { openProduct } from '../../../src/jobs/open-product.ts';
import { createLogger } from '../../../src/log.ts';
import { readSettings } from '../../../src/settings.ts';
import { completeShard, hasShard } from '../../../src/store/shards.ts';
import { shardSeeds } from '../../../src/synthesis/dataset-plan.ts';

const [workers, seconds] = process.argv.slice(2).map(Number) as [number, number];
const settings = readSettings(process.env);
const log = createLogger('error');
const object = new Uint8Array(16);
/** As many areas as a label config of a dozen labels has. */
const areas = Array.from({ length: 12 }, (_, label) => 1000 + label);

const opened = await Promise.all(Array.from({ length: workers }, () => openProduct(settings, log, 'worker')));
for (const { product } of opened)
  await product.queues.work('shard', async ({ input, signal, progress }) => {
    const { db } = product.store;
    const { datasetId, planId, index } = input;
    const part = (await partsOf(db, datasetId)).find((own) => own.planId === planId);
    if (part === undefined || (await hasShard(db, planId, index))) return { made: 0 };
    const seeds = shardSeeds(part.plan, index);
    // Progress comes with every pair; what is written of it is the queue's business.
    for (const at of seeds.keys()) {
      if (seconds > 0) await wait((1000 * seconds) / seeds.length, undefined, { signal });
      progress(at + 1, seeds.length);
    }
    const records = seeds.map((seed) => ({ seed, class: null, js: seed / 2 ** 32, score: 0.5, areas }));
    await product.storage.put(shardKey(planId, index), object);
    await completeShard(db, { planId, index, seeds: seeds.length, bytes: object.byteLength, records });
    return { made: seeds.length };
  });
console.log('ready');

process.once('SIGTERM', async () => {
  await Promise.all(opened.map(({ close }) => close()));
  process.exit(0);
});
