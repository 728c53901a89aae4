import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partsOf } from '../../../src/jobs/dataset-parts.ts';
import { readPairs } from '../../../src/jobs/read-pairs.ts';
import { shardPrefix } from '../../../src/jobs/shard-tar.ts';
import { decodeIndexPng } from '../../../src/masks/png.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { until } from '../../support/until.ts';

let factory: DatasetFactory;
beforeAll(async () => {
  factory = await DatasetFactory.open();
});
afterAll(() => factory?.remove());

const pairsOf = (id: string, from = 0) => Array.fromAsync(readPairs(factory.product, { id }, { from }));
/** The dataset's shards in the storage: sha256 of each by its key. */
async function objects(id: string): Promise<Map<string, string>> {
  const { storage, store } = factory.product;
  const found = new Map<string, string>();
  for (const { planId } of await partsOf(store.db, id))
    for await (const { key } of storage.list(shardPrefix(planId)))
      found.set(
        key,
        createHash('sha256')
          .update(await storage.get(key))
          .digest('hex'),
      );
  return found;
}
const seeds = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

test('an order is made in shards and delivers the most certain candidates', async () => {
  await factory.shardsOf(8);
  const id = await factory.order({ count: 18, filter: 0.25 });
  const detail = await factory.reaches(id, 'completed');
  expect(detail).toMatchObject({ asked: 18, delivered: 18, candidates: 24, dropped: 6, reasons: [], job: null, bytesToCome: 0 });
  expect((await objects(id)).size).toBe(3);
  const sizes = await Array.fromAsync(factory.product.storage.list('shards'));
  expect(detail.bytes).toBe(sizes.reduce((sum, { bytes }) => sum + bytes, 0));
  const pairs = await pairsOf(id);
  expect(pairs).toHaveLength(18);
  const js = pairs.map(({ record }) => record.js);
  expect(pairs.map(({ record }) => record.seed)).toEqual(pairs.map(({ record }) => record.seed).toSorted((a, b) => a - b));
  const rows = await factory.product.store.db.selectFrom('shards').select('result').execute();
  const all = rows.flatMap(({ result }) => result as { js: number }[]).map((record) => record.js);
  expect(Math.max(...js)).toBe(all.toSorted((a, b) => a - b)[17]);
  for (const { mask, record } of pairs.slice(0, 3)) {
    const { data } = await decodeIndexPng(mask);
    expect(record.areas).toEqual([0, 1].map((label) => data.filter((value) => value === label).length));
  }
  expect((await pairsOf(id, 13)).map(({ record }) => record.seed)).toEqual(pairs.slice(13).map(({ record }) => record.seed));
});

test('cancelled in the middle and resumed: identical bytes, and what was stored is not made again', async () => {
  await factory.shardsOf(6);
  const other = { count: 30, seedStart: 2_000_000 };
  const whole = await factory.order(other);
  await factory.reaches(whole, 'completed');
  const before = await objects(whole);
  expect(before.size).toBe(5);
  await factory.backend.deleteDataset(whole, { withProject: false });

  await factory.shardsOf(6);
  factory.engine.slowDown(30);
  const id = await factory.order(other);
  await until('two shards are stored', async () => (await objects(id)).size === 2, { every: 20 });
  await factory.backend.stopDataset(id, 'cancelled');
  factory.engine.slowDown(0);
  expect((await factory.backend.dataset(id)).state).toBe('cancelled');
  await factory.product.queues.settled({ datasetId: id });
  const half = await objects(id);
  expect(half.size).toBeLessThan(before.size);
  const made = await shardsMade();
  await factory.backend.resumeDataset(id);
  await factory.reaches(id, 'completed');
  expect(await objects(id)).toEqual(before);
  expect((await shardsMade()) - made).toBe(before.size - half.size);
  expect((await pairsOf(id)).map(({ record }) => record.seed)).toEqual(seeds(2_000_000, 30));
});

const shardsMade = async () => {
  const rows = await factory.product.store.db
    .selectFrom('jobs')
    .select('result')
    .where('kind', '=', 'shard')
    .where('state', '=', 'completed')
    .execute();
  return rows.filter(({ result }) => Number(result?.made) > 0).length;
};
