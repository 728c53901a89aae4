import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetOrder } from '../../../src/api/requests.ts';
import { json } from '../../../src/store/rows.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';

describe('before and after an order', () => {
  let factory: DatasetFactory;
  beforeAll(async () => {
    factory = await DatasetFactory.open();
  });
  afterAll(() => factory.remove());

  const estimate = async (order: Partial<DatasetOrder>) =>
    factory.backend.datasets.estimate(String((await factory.project()).ls_id), { count: 30, destination: 'files', ...order });

  /** Without the free space, which changes all the time. */
  const refusalOf = (settled: PromiseSettledResult<unknown>) =>
    settled.status === 'rejected' ? JSON.stringify(settled.reason.toBody()).replace(/[\d,]+ MB are free/, '') : settled.status;

  test('a first order is estimated by the trial at the import, then by what pairs took', async () => {
    const { generator } = await factory.project();
    expect(await estimate({})).toMatchObject({ basis: 'none', seconds: { project: 0 } });
    const report = { id: generator, known: false, prediction: { seconds: 2, memory: 1e9 } };
    await factory.product.store.db
      .insertInto('jobs')
      .values({ id: crypto.randomUUID(), kind: 'import', state: 'completed', input: json({}), result: json(report) })
      .execute();
    const tried = await estimate({ filter: 0.25, formats: [] });
    expect(tried).toMatchObject({
      candidates: 40,
      mostCandidates: 40,
      basis: 'trial',
      seconds: { pairs: 80, project: 0, files: 0 },
    });

    await factory.shardsOf(10);
    const known = await estimate({ filter: 0, formats: ['index-png', 'coco'], destination: 'new' });
    expect(known).toMatchObject({ candidates: 30, basis: 'pairs', seconds: { pairs: 180 }, formats: ['index-png', 'coco'] });
    expect(known.seconds.project).toBeGreaterThan(0);
    expect(known.seconds.files).toBeGreaterThan(0);
    // 5,000 bytes a pair and a fifth more, in the shards and in each of two formats.
    expect(known.bytes).toBe(30 * 3 * 6000);
    expect(known.bytesFree).toBeGreaterThan(1e6);
    expect(await factory.backend.datasets.list({})).toEqual({ rows: [], total: 0 });
  });

  test('with rules up to five times as many pictures are made', async () => {
    expect(await estimate({ count: 9, filter: 0.1, rules: { pieces: 3 } })).toMatchObject({ candidates: 10, mostCandidates: 50 });
    // Shards are made whole: of 10 here.
    expect(await estimate({ count: 10, filter: 0.1, rules: { pieces: 3 } })).toMatchObject({
      candidates: 20,
      mostCandidates: 60,
    });
    expect(await estimate({ count: 1, filter: 0, rules: { pieces: 3 } })).toMatchObject({ candidates: 5, mostCandidates: 5 });
  });

  test('it refuses what the order refuses, in the same words', async () => {
    const refusals: readonly Partial<DatasetOrder>[] = [
      { version: 'dg-none' },
      { rules: { present: ['dark'] } },
      { seedStart: 2 ** 32 - 1 },
      { formats: ['coco-keypoints'] },
      { count: 10_000_000, formats: ['index-png', 'coco', 'voc'], filter: 0.5, rules: { pieces: 1 }, psi: 1 },
    ];
    await factory.product.store.db
      .updateTable('settings')
      .set({ value: json({ seconds: 6, bytes: 1e9 }) })
      .execute();
    for (const order of refusals) {
      const [asked, ordered] = await Promise.allSettled([estimate(order), factory.order({ count: 30, ...order })]);
      const refusal = refusalOf(asked);
      expect(refusal).toContain('"code"');
      expect(refusal).toBe(refusalOf(ordered));
    }
    await factory.shardsOf(10);
  });

  test('what an order says is what the estimate said; files have sizes, and there is a contact sheet', async () => {
    const order = { count: 15, filter: 0.25, formats: ['index-png', 'coco'], rules: { pieces: 100 } } as const;
    const told = await estimate(order);
    const id = await factory.order({ title: 'Sized', ...order });
    const made = await factory.reaches(id, 'completed');
    const { ls_id: number, host, title } = await factory.project();
    expect(made).toMatchObject({
      candidates: told.candidates,
      version: told.version,
      psi: told.psi,
      cutoff: told.cutoff,
      formats: told.formats,
      project: { id: number, host, title },
      rules: ['bright is in at most 100 pieces.'],
      push: 'predictions',
      regions: null,
    });
    expect(made.parts[0]).toMatchObject({ seedStart: told.seedStart });
    expect(made.fits).toContain('parquet');
    expect(made.fits).not.toContain('yolo-pose');
    expect(Date.parse(made.finishedAt!)).toBeGreaterThan(Date.parse(made.createdAt));
    expect(Object.keys(made.sizes).sort()).toEqual(['coco', 'index-png']);
    for (const bytes of Object.values(made.sizes)) expect(bytes).toBeGreaterThan(15 * 100);
    const { width, height } = await sharp(await factory.backend.datasets.preview(id)).metadata();
    expect(Math.min(width, height)).toBeGreaterThan(16);

    const waits = await factory.order({ count: 5 });
    await factory.backend.datasets.stop(waits, 'paused');
    await expect(factory.backend.datasets.preview(waits)).rejects.toMatchObject({ code: 'wrong-state' });
    expect((await factory.backend.datasets.get(waits)).sizes).toEqual({});
  });

  test('datasets come in pages, of one project and in one state', async () => {
    const { db } = factory.product.store;
    const copied = await db.selectFrom('datasets').selectAll().where('title', '=', 'Sized').executeTakeFirstOrThrow();
    const rows = Array.from({ length: 60 }, (_, index) => ({
      id: `copy-${String(index).padStart(2, '0')}`,
      plan_id: copied.plan_id,
      plan: json(copied.plan),
      project_key: copied.project_key,
      title: `Copy ${index}`,
      state: index % 3 === 0 ? ('failed' as const) : ('completed' as const),
      folder: copied.folder,
      origin: json({}),
      created_at: new Date(Date.UTC(2020, 0, 1, 0, index)),
    }));
    await db.insertInto('datasets').values(rows).execute();
    const parts = rows.map(({ id, plan_id, plan }) => ({ dataset_id: id, index: 0, plan_id, plan }));
    await db.insertInto('dataset_parts').values(parts).execute();
    const { list } = factory.backend.datasets;
    const all = await list({ limit: 1000 });
    expect([all.total, all.rows.length]).toEqual([62, 62]);
    const pages = await Promise.all([0, 25, 50, 75].map((offset) => list({ limit: 25, offset })));
    expect(pages.map(({ rows: shown, total }) => [shown.length, total])).toEqual([
      [25, 62],
      [25, 62],
      [12, 62],
      [0, 62],
    ]);
    expect(pages.flatMap(({ rows: shown }) => shown.map(({ id }) => id))).toEqual(all.rows.map(({ id }) => id));
    const project = String((await factory.project()).ls_id);
    const failed = await list({ project, state: 'failed', limit: 3 });
    expect([failed.total, failed.rows.map(({ title }) => title)]).toEqual([20, ['Copy 57', 'Copy 54', 'Copy 51']]);
  });
});
