import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetOrder } from '../../../src/api/requests.ts';
import { DatasetGanError } from '../../../src/errors.ts';
import { partsOf } from '../../../src/jobs/datasets/record/dataset-parts.ts';
import { readPairs } from '../../../src/jobs/datasets/shards/read-pairs.ts';
import { shardKey, shardPrefix } from '../../../src/jobs/datasets/shards/shard-tar.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { json } from '../../../src/store/rows.ts';
import type { PairRecord } from '../../../src/synthesis/pair-record.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { shardHashes } from '../../support/shard-hashes.ts';
import { until } from '../../support/until.ts';
import { ENGINES, type TestState, testState } from '../store/test-store.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

describe.each(ENGINES)('on %s', (kind) => {
  let state: TestState;
  let factory: DatasetFactory;
  beforeAll(async () => {
    state = await testState(kind);
    const { dataDir, databaseUrl } = state;
    factory = await DatasetFactory.open({ dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  });
  afterEach(() => factory.engine.slowDown(0));
  afterAll(async () => {
    await factory?.close();
    await state?.remove();
  });

  /** Orders with shards of that many seeds: without it, pairs that take milliseconds make one large shard. */
  async function orderInShards(seeds: number, order: DatasetOrder): Promise<string> {
    await factory.shardsOf(seeds);
    return factory.order(order);
  }
  const seedsOf = async (id: string, from = 0) =>
    (await Array.fromAsync(readPairs(factory.product, { id }, { from }))).map(({ record }) => record.seed);
  const objects = (id: string) => shardHashes(factory.product, id);
  const stored = (id: string, shards: number) =>
    until(`${shards} shards are stored`, async () => (await objects(id)).size >= shards, { every: 20 });
  /** How often a shard was made, of whichever dataset. */
  async function shardsMade(): Promise<number> {
    const jobs = await factory.product.store.db.selectFrom('jobs').select('result').where('kind', '=', 'shard').execute();
    return jobs.filter(({ result }) => Number(result?.made) > 0).length;
  }
  const stop = async (id: string, to: 'paused' | 'cancelled') => {
    await factory.backend.datasets.stop(id, to);
    await factory.product.queues.settled({ datasetId: id });
  };

  test('an order is made in shards and delivers the most certain candidates', async () => {
    const id = await orderInShards(8, { count: 18, filter: 0.25 });
    const detail = await factory.reaches(id, 'completed');
    expect(detail).toMatchObject({
      asked: 18,
      delivered: 18,
      candidates: 24,
      dropped: 6,
      reasons: [],
      job: null,
      bytesToCome: 0,
    });
    expect((await objects(id)).size).toBe(3);
    const sizes = await Array.fromAsync(factory.product.storage.list('shards'));
    expect(detail.bytes).toBe(sizes.reduce((sum, { bytes }) => sum + bytes, 0));

    const pairs = await Array.fromAsync(readPairs(factory.product, { id }));
    const rows = await factory.product.store.db.selectFrom('shards').select('result').execute();
    const all = rows.flatMap(({ result }) => result as PairRecord[]);
    const certain = all.toSorted((a, b) => a.js - b.js || a.seed - b.seed).slice(0, 18);
    expect(pairs.map(({ record }) => record)).toEqual(certain.toSorted((a, b) => a.seed - b.seed));
    for (const { mask, record } of pairs) {
      const { data } = await decodeIndexPng(mask);
      expect(record.areas).toEqual([0, 1].map((label) => data.filter((value) => value === label).length));
    }
    expect(await seedsOf(id, 13)).toEqual(pairs.slice(13).map(({ record }) => record.seed));
  });

  test.each(['cancelled', 'paused'] as const)(
    '%s in the middle and resumed: identical bytes, and what was stored is not made again',
    async (how) => {
      const order = { count: 30, seedStart: 2_000_000 };
      const whole = await orderInShards(6, order);
      await factory.reaches(whole, 'completed');
      const before = await objects(whole);
      expect(before.size).toBe(5);
      await factory.backend.datasets.remove(whole, { withProject: false });

      factory.engine.slowDown(20);
      const id = await orderInShards(6, order);
      await stored(id, 2);
      const running = await factory.backend.datasets.get(id);
      expect(running.job).toMatchObject({ kind: 'synthesize', dataset: id, total: 30 });
      expect(running.bytesToCome).toBeGreaterThan(0);
      await stop(id, how);
      factory.engine.slowDown(0);
      const half = await objects(id);
      expect(half.size).toBeLessThan(before.size);
      expect(await factory.backend.datasets.get(id)).toMatchObject({ state: how, job: null });
      const made = await shardsMade();
      await factory.backend.datasets.resume(id);
      await factory.reaches(id, 'completed');
      expect(await objects(id)).toEqual(before);
      expect((await shardsMade()) - made).toBe(before.size - half.size);
      expect(await seedsOf(id)).toEqual(range(2_000_000, 30));
      await factory.backend.datasets.remove(id, { withProject: false });
    },
  );

  test('what has ended cannot be paused, what is worked on cannot be resumed or extended', async () => {
    factory.engine.slowDown(50);
    const id = await orderInShards(4, { count: 8, seedStart: 2_100_000 });
    await expect(factory.backend.datasets.resume(id)).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(factory.backend.datasets.extend(id, { count: 1 })).rejects.toMatchObject({ code: 'wrong-state' });
    factory.engine.slowDown(0);
    await factory.reaches(id, 'completed');
    await expect(factory.backend.datasets.stop(id, 'paused')).rejects.toMatchObject({ code: 'wrong-state' });
    expect((await factory.backend.datasets.stop(id, 'cancelled')).state).toBe('completed');
    await expect(factory.backend.datasets.stop('none', 'paused')).rejects.toMatchObject({ code: 'unknown-dataset' });
  });

  test('an extension never repeats a seed, and takes nothing back', async () => {
    const id = await orderInShards(5, { count: 9, filter: 0.1, seedStart: 3_000_000 });
    await factory.reaches(id, 'completed');
    const first = await seedsOf(id);
    const { key: project_key, generator } = await factory.project();
    const labelled = { project_key, task_id: 1, generator_id: generator!, seed: 3_000_012, class: null, psi: 1, cutoff: null };
    await factory.product.store.db.insertInto('tasks').values(labelled).execute();
    await factory.backend.datasets.extend(id, { count: 6 });
    const detail = await factory.reaches(id, 'completed');
    // 10 candidates from 3,000,000 on; then 7, without the one that is labelled.
    expect(detail).toMatchObject({ asked: 15, delivered: 15, candidates: 17, dropped: 2 });
    expect(detail.parts).toEqual([
      { asked: 9, delivered: 9, seedStart: 3_000_000, lastSeed: 3_000_009 },
      { asked: 6, delivered: 6, seedStart: 3_000_010, lastSeed: 3_000_017 },
    ]);
    const all = await seedsOf(id);
    expect(all.slice(0, 9)).toEqual(first);
    expect(new Set(all).size).toBe(15);
    expect(all.slice(9).every((seed) => seed >= 3_000_010 && seed <= 3_000_017 && seed !== 3_000_012)).toBe(true);
    await factory.backend.datasets.extend(id, { count: 2 });
    expect((await factory.reaches(id, 'completed')).parts.at(-1)).toMatchObject({ seedStart: 3_000_018 });
    expect((await seedsOf(id)).slice(0, 15)).toEqual(all);
  });

  test('orders and extensions share no picture; a first seed that is asked for gives the same bytes again, and says so', async () => {
    const order = { count: 9, filter: 0.1 };
    // Two at once.
    const [one, two] = await Promise.all([orderInShards(5, order), orderInShards(5, order)]);
    await factory.reaches(one, 'completed');
    expect(await factory.reaches(two, 'completed')).toMatchObject({ known: 0 });
    const three = await orderInShards(5, order);
    expect(await factory.reaches(three, 'completed')).toMatchObject({ known: 0 });
    await factory.backend.datasets.extend(one, { count: 4 });
    await factory.reaches(one, 'completed');
    const pictures = async (id: string) => {
      const pairs = await Array.fromAsync(readPairs(factory.product, { id }));
      return new Map(pairs.map(({ record, image, mask }) => [record.seed, sha256(image) + sha256(mask)]));
    };
    const all = await Promise.all([one, two, three].map(pictures));
    const tried = (await Promise.all([one, two, three].map((id) => partsOf(factory.product.store.db, id)))).flat();
    const spans = tried.map(({ plan, choice }) => [plan.seedStart, choice!.lastSeed] as const).sort(([a], [b]) => a - b);
    for (const [i, [first]] of spans.slice(1).entries()) expect(first).toBeGreaterThan(spans[i]![1]);
    expect(new Set(all.flatMap((own) => [...own.values()])).size).toBe(9 + 4 + 9 + 9);

    const seedStart = (await factory.backend.datasets.get(three)).parts[0]!.seedStart;
    const again = await orderInShards(5, { ...order, seedStart });
    expect(await factory.reaches(again, 'completed')).toMatchObject({ delivered: 9, known: 9 });
    expect(await pictures(again)).toEqual(all[2]);
    // Made again, not taken from the shards of the other.
    for (const id of [three, again]) await factory.backend.datasets.remove(id, { withProject: false });
    const anew = await orderInShards(5, { ...order, seedStart });
    expect(await factory.reaches(anew, 'completed')).toMatchObject({ delivered: 9, known: 0 });
    expect(await pictures(anew)).toEqual(all[2]);
    // Other pictures of the same seeds are not known.
    const other = await orderInShards(5, { ...order, seedStart, psi: 0.5 });
    expect(await factory.reaches(other, 'completed')).toMatchObject({ delivered: 9, known: 0 });
    // In part: what the earlier ones kept among the 9 seeds from there on.
    const partly = await orderInShards(5, { ...order, filter: 0, seedStart: seedStart + 4 });
    const earlier = (await Promise.all([one, two, anew].map((id) => seedsOf(id)))).flat();
    const kept = earlier.filter((seed) => seed >= seedStart + 4 && seed < seedStart + 13);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(9);
    expect(await factory.reaches(partly, 'completed')).toMatchObject({ delivered: 9, known: kept.length });
  });

  test('files are written, and go with the dataset; its shards stay while another dataset has them', async () => {
    const order = { count: 6, seedStart: 4_000_000 };
    const one = await orderInShards(3, { ...order, formats: ['index-png'] });
    const { folder } = await factory.reaches(one, 'completed');
    const made = await shardsMade();
    const two = await orderInShards(3, order);
    await factory.reaches(two, 'completed');
    expect(await shardsMade()).toBe(made);

    expect((await readdir(join(folder, 'images'))).sort()).toEqual(range(4_000_000, 6).map((seed) => `seed-${seed}.png`));
    const { pairs, parts, dropped } = JSON.parse(await readFile(join(folder, 'dataset.json'), 'utf8'));
    expect(pairs.map(({ seed }: PairRecord) => seed)).toEqual(range(4_000_000, 6));
    expect(parts).toMatchObject([{ tried: 6, passed: 6, kept: 6, dropped: 0, plan: { count: 6, seedStart: 4_000_000 } }]);
    expect(dropped).toEqual([]);

    const objectsOfTwo = await objects(two);
    expect(objectsOfTwo.size).toBe(2);
    await factory.backend.datasets.remove(one, { withProject: false });
    expect(existsSync(folder)).toBe(false);
    await expect(factory.backend.datasets.get(one)).rejects.toMatchObject({ code: 'unknown-dataset' });
    expect(await objects(two)).toEqual(objectsOfTwo);
    expect(await seedsOf(two)).toEqual(range(4_000_000, 6));
    const { planId } = (await partsOf(factory.product.store.db, two))[0]!;
    await factory.backend.datasets.remove(two, { withProject: false });
    expect(await Array.fromAsync(factory.product.storage.list(shardPrefix(planId)))).toEqual([]);
  });

  test("with an order's job, all that was ordered is there", async () => {
    const order = { count: 5, filter: 0.1, seedStart: 4_500_000, destination: 'files', formats: ['index-png', 'coco'] } as const;
    const { ls_id: project } = await factory.project();
    const { id, total } = await factory.backend.datasets.order(String(project), order);
    expect(total).toBe(6 + 2 * 5);
    const job = await until('the job has ended', async () => {
      const now = await factory.backend.jobs.get(id);
      expect([now.total, now.done <= now.total]).toEqual([16, true]);
      return now.state !== 'queued' && now.state !== 'running' && now;
    });
    expect(job).toMatchObject({ state: 'completed', done: 16, result: { pairs: 5, formats: order.formats } });
    const { state, folder } = await factory.backend.datasets.get(job.dataset!);
    expect([state, job.result!.place]).toEqual(['completed', folder]);
    expect((await readdir(folder)).sort()).toEqual(['coco', 'index-png']);
    expect(await readdir(join(folder, 'index-png/images'))).toHaveLength(5);
    expect((await factory.backend.projects.get(String(project))).jobs.find((one) => one.id === id)).toEqual(job);
    await factory.backend.datasets.remove(job.dataset!, { withProject: false });
  });

  test('a shard that is lost is made again when the dataset is resumed', async () => {
    const id = await orderInShards(3, { count: 9, seedStart: 5_000_000 });
    await factory.reaches(id, 'completed');
    const before = await objects(id);
    const { planId } = (await partsOf(factory.product.store.db, id))[0]!;
    await factory.product.storage.delete(shardKey(planId, 1));
    await factory.product.storage.put(shardKey(planId, 2), new Uint8Array(10));
    await expect(seedsOf(id)).rejects.toMatchObject({ code: 'corrupt-file' });
    await factory.backend.datasets.resume(id);
    await factory.reaches(id, 'completed');
    expect(await objects(id)).toEqual(before);

    // Of the right size, but damaged: found when it is read.
    const whole = await factory.product.storage.get(shardKey(planId, 1));
    await factory.product.storage.put(shardKey(planId, 1), new Uint8Array(whole.length).fill(1));
    await expect(seedsOf(id)).rejects.toMatchObject({ code: 'corrupt-file' });
    await factory.backend.datasets.resume(id);
    await factory.reaches(id, 'completed');
    expect(await objects(id)).toEqual(before);
  });

  test('rules: candidates are tried until enough pass; where they do not, it is completed short and says why', async () => {
    const plain = await orderInShards(7, { count: 40, seedStart: 6_000_000 });
    await factory.reaches(plain, 'completed');
    const areas = (await Array.fromAsync(readPairs(factory.product, { id: plain }))).map(({ record }) => record.areas[1]!);
    const pixels = 32 * 32;
    const median = areas.toSorted((a, b) => a - b)[20]! / pixels;

    const rules = { areas: { bright: [median, 1] as const } };
    const id = await orderInShards(7, { count: 8, filter: 0.2, seedStart: 6_000_000, rules });
    const detail = await factory.reaches(id, 'completed');
    const passing = areas.flatMap((area, i) => (area / pixels >= median ? [6_000_000 + i] : [])).slice(0, 10);
    expect(detail).toMatchObject({ delivered: 8, candidates: passing.at(-1)! - 6_000_000 + 1, dropped: 2, reasons: [] });
    for (const seed of await seedsOf(id)) expect(passing).toContain(seed);

    const never = await orderInShards(7, { count: 4, seedStart: 6_000_000, rules: { areas: { bright: [0.999, 1] as const } } });
    expect(await factory.reaches(never, 'completed')).toMatchObject({
      delivered: 0,
      candidates: 20,
      reasons: ['Completed short, 0 of 4: 0 of 20 candidates meet the rules (dropped: areas 20).'],
    });
    expect(await seedsOf(never)).toEqual([]);
  });

  test('a shard that fails for good fails the dataset with its reason; resumed, it is tried again', async () => {
    const { storage } = factory.product;
    const put = storage.put.bind(storage);
    storage.put = () => Promise.reject(new DatasetGanError('disk-full', 'The disk is full.', { fix: 'Free some space.' }));
    let id = '';
    try {
      id = await orderInShards(4, { count: 12, seedStart: 7_000_000 });
      expect((await factory.reaches(id, 'failed')).reasons).toEqual(['The disk is full. Free some space.']);
    } finally {
      storage.put = put;
    }
    await factory.product.queues.settled({ datasetId: id });
    await factory.backend.datasets.resume(id);
    expect(await factory.reaches(id, 'completed')).toMatchObject({ delivered: 12, reasons: [] });
  });

  test('an order that cannot fit the disk is refused before it starts, the needs of open ones included', async () => {
    const { generator } = await factory.project();
    const cost = (bytes: number) =>
      factory.product.store.db
        .updateTable('settings')
        .set({ value: json({ seconds: 1, bytes }) })
        .where('key', '=', `pair-cost/${generator}`)
        .execute();
    await factory.shardsOf(5);
    await cost(1e15);
    await expect(factory.order({ count: 10, seedStart: 8_000_000 })).rejects.toMatchObject({ code: 'disk-full' });
    await cost(1);
    factory.engine.slowDown(100);
    const open = await factory.order({ count: 30, seedStart: 8_000_000 });
    await cost(1e15);
    await expect(factory.order({ count: 1, seedStart: 8_100_000, formats: [] })).rejects.toMatchObject({ code: 'disk-full' });
    await stop(open, 'cancelled');
    await factory.backend.datasets.remove(open, { withProject: false });
  });

  test('goes on with the version it was made with, and a small order does not wait for a large one', async () => {
    factory.engine.slowDown(30);
    const { key, current_version: version } = await factory.project();
    const large = await orderInShards(4, { count: 100, seedStart: 9_000_000 });
    await stored(large, 2);
    const told = await until('its rate is known', async () => {
      const { job, bytesToCome } = await factory.backend.datasets.get(large);
      return job?.rate !== null && job?.eta !== null && { ...job, bytesToCome };
    });
    for (const figure of [told.rate, told.eta, told.bytesToCome]) expect(figure).toBeGreaterThan(0);
    await factory.product.store.db.updateTable('projects').set({ current_version: null }).where('key', '=', key).execute();
    try {
      await expect(factory.order({ count: 4 })).rejects.toMatchObject({ code: 'no-version' });
    } finally {
      await factory.product.store.db.updateTable('projects').set({ current_version: version }).where('key', '=', key).execute();
    }
    const small = await orderInShards(4, { count: 8, seedStart: 9_100_000 });
    await factory.reaches(small, 'completed');
    expect((await factory.backend.datasets.get(large)).state).toBe('running');
    factory.engine.slowDown(0);
    expect(await factory.reaches(large, 'completed')).toMatchObject({ delivered: 100, version });
    expect((await factory.backend.datasets.list({ limit: 2 })).rows.map(({ id }) => id)).toEqual([small, large]);
  });
});
