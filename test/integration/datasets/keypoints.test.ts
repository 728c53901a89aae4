import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../../src/export/format-names.ts';
import { readRecords } from '../../../src/jobs/datasets/shards/read-pairs.ts';
import { shardRecords } from '../../../src/store/shards.ts';
import type { PairRecord } from '../../../src/synthesis/pair-record.ts';
import { DatasetFactory, FACTORY_KEYPOINTS } from '../../support/dataset-factory.ts';
import { KEYPOINT_READERS } from '../../support/keypoint-readers.ts';

const COUNT = 8;
const MASKS_ONLY = ['coco', 'coco-panoptic', 'index-png', 'palette-png', 'voc', 'yolo-seg'];

describe.each(['beside masks', 'alone'] as const)('keypoints %s', (keypoints) => {
  let factory: DatasetFactory;
  let id: string;
  beforeAll(async () => {
    factory = await DatasetFactory.open({ keypoints });
    await factory.shardsOf(4);
    id = await factory.order({ count: COUNT, formats: FORMAT_NAMES });
    await factory.reaches(id, 'completed');
  });
  afterAll(() => factory?.remove());

  const recordsOf = (fate: 'kept' | 'refused', of = id) =>
    Array.fromAsync(readRecords(factory.product.store.db, { id: of }, fate));

  test('every pair keeps what the version sees, in its shard and in dataset.json', async () => {
    const kept = await recordsOf('kept');
    expect(kept.length).toBe(COUNT);
    const seen = kept.flatMap((record) => record.keypoints!);
    expect(seen.length).toBeGreaterThan(0);
    for (const { keypoint, score, spread, x, y } of seen) {
      expect([0, 1]).toContain(keypoint);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(spread).toBeGreaterThanOrEqual(0);
      for (const place of [x, y]) expect(place).toBeCloseTo(Math.round(1000 * place) / 1000, 10);
    }
    const { plan_id } = await factory.product.store.db.selectFrom('datasets').selectAll().executeTakeFirstOrThrow();
    const [first] = (await shardRecords(factory.product.store.db, plan_id, 0)) as PairRecord[];
    expect(first!.keypoints).toEqual(kept[0]!.keypoints);
    const { folder } = await factory.backend.datasets.get(id);
    const written = JSON.parse(await readFile(join(folder, 'parquet/dataset.json'), 'utf8')) as object;
    expect(written).toMatchObject({ keypoints: FACTORY_KEYPOINTS, pairs: kept });
  });

  test('all formats are those that fit, and their readers find the points', async () => {
    const { folder, formats } = await factory.backend.datasets.get(id);
    expect(formats).toEqual(FORMAT_NAMES.filter((name) => keypoints === 'beside masks' || !MASKS_ONLY.includes(name)));
    const kept = await recordsOf('kept');
    for (const [format, read] of Object.entries(KEYPOINT_READERS).filter(([name]) => formats.includes(name as never))) {
      const { names, points } = await read(join(folder, format));
      expect(names).toEqual(FACTORY_KEYPOINTS);
      for (const record of kept) {
        const own = points.get(`seed-${record.seed}`)!;
        expect(own!.map((point) => point !== null)).toEqual(
          FACTORY_KEYPOINTS.map((_, index) => record.keypoints!.some(({ keypoint }) => keypoint === index)),
        );
        for (const { keypoint, x, y } of record.keypoints!)
          expect(Math.hypot(own![keypoint]!.x - x, own![keypoint]!.y - y)).toBeLessThan(0.02);
      }
    }
    const coco = await readFile(join(folder, 'coco-keypoints/annotations/person_keypoints_train.json'), 'utf8');
    expect(coco).toContain('"skeleton":[[1,2],[3,2]]');
  });

  test('the report has a plot of each keypoint, and pictures with points', async () => {
    const report = await factory.backend.datasets.report(id);
    const kept = await recordsOf('kept');
    const shown = kept.filter((record) => record.keypoints!.some(({ keypoint }) => keypoint === 0)).length;
    const share = `${Number(((100 * shown) / COUNT).toPrecision(3))} %`;
    expect(report).toContain(`<tr><th>brightest</th><td class="number">${share}</td>`);
    expect(report).toContain('<tr><th>never</th><td class="number">0 %</td><td class="number">n/a</td>');
    for (const name of FACTORY_KEYPOINTS) expect(report).toContain(`<title>Position of ${name}</title>`);
    expect(report).not.toMatch(/src="(?!data:)|href=|<script/);
    expect(report.includes('<img alt="Mask')).toBe(keypoints === 'beside masks');
    expect(report.includes('Areas of the classes')).toBe(keypoints === 'beside masks');
  });

  test('a rule names keypoints: pairs that do not show them are left out', async () => {
    const ruled = await factory.order({ count: 2, rules: { present: ['brightest', 'darkest'] } });
    await factory.reaches(ruled, 'completed');
    for (const record of await recordsOf('kept', ruled))
      expect(record.keypoints!.map(({ keypoint }) => keypoint).toSorted()).toEqual([0, 1]);
    for (const record of await recordsOf('refused', ruled)) expect(record.keypoints!.length).toBeLessThan(2);
    await expect(factory.order({ count: 2, rules: { present: ['brightes'] } })).rejects.toMatchObject({
      fix: expect.stringContaining("Did you mean 'brightest'?") as string,
    });
    await expect(factory.order({ count: 2, rules: { present: ['never'] } })).rejects.toMatchObject({
      message: expect.stringContaining("No picture can show the keypoint 'never'") as string,
    });
  });

  test('an order that names no format gets what fits', async () => {
    const dataset = await factory.order({ count: 1, formats: undefined as never });
    expect((await factory.reaches(dataset, 'completed')).formats).toEqual([
      keypoints === 'alone' ? 'coco-keypoints' : 'index-png',
    ]);
    if (keypoints === 'alone')
      await expect(factory.order({ count: 1, formats: ['voc'] })).rejects.toMatchObject({
        message: "The format 'voc' is for masks, and there are none.",
      });
  });
});
