import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RULE_TITLES } from '../../../src/jobs/datasets/record/rules-in-words.ts';
import { datasetFigures } from '../../../src/jobs/datasets/report/dataset-figures.ts';
import { coloursOf, finalPreview, firstPreview } from '../../../src/jobs/datasets/report/preview.ts';
import { readPairs, readRecords } from '../../../src/jobs/datasets/shards/read-pairs.ts';
import { connectedComponents } from '../../../src/masks/components.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { requireDataset } from '../../../src/store/datasets.ts';
import type { PairRecord } from '../../../src/synthesis/pair-record.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';

const BRIGHT = 1;
/** Fewer pixels do not count in pictures as small as these. */
const LEAST = 4;
/** The value that this share of the values is below. */
const quantile = (share: number, values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(share * values.length)]!;

let factory: DatasetFactory;
beforeAll(async () => {
  factory = await DatasetFactory.open();
});
afterAll(() => factory?.remove());

const datasetOf = (id: string) => requireDataset(factory.product.store.db, id);
const recordsOf = (id: string, fate: 'kept' | 'dropped' | 'refused') =>
  Array.fromAsync(readRecords(factory.product.store.db, { id }, fate));

async function firstPair(id: string) {
  for await (const pair of readPairs(factory.product, { id })) return pair;
  throw new Error('It has no pairs.');
}
/** The first picture of that type in a page, as RGB. */
function firstImage(page: string, type: string) {
  const [, base64] = new RegExp(`src="data:image/${type};base64,([^"]+)"`).exec(page)!;
  return sharp(Buffer.from(base64!, 'base64')).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
}

test('every delivered pair keeps the rules, pixels too uncertain are ignored, and the report counts them all', async () => {
  await factory.shardsOf(6);
  // Rules that refuse nothing, to see what there is.
  const seen = await factory.order({ count: 24, rules: { pieces: 1000, nearest: 100 }, ignoreAbove: 3 });
  await factory.reaches(seen, 'completed');
  const all = await recordsOf(seen, 'kept');
  expect(all.every(({ ignored }) => ignored === 0)).toBe(true);
  const mostPieces = quantile(
    0.8,
    all.map(({ pieces }) => pieces![BRIGHT]!),
  );
  const farthest = quantile(
    0.8,
    all.map(({ nearest }) => nearest!),
  );
  const ignoreAbove = quantile(
    0.5,
    all.map(({ js }) => js),
  );

  const rules = { present: ['bright'], pieces: { bright: mostPieces }, nearest: farthest, areaFactor: 1.5 };
  const order = { count: 10, filter: 0.2, rules, ignoreAbove, formats: ['index-png'], seedStart: 1_000_000 } as const;
  const id = await factory.order(order);
  const detail = await factory.reaches(id, 'completed');
  const [kept, dropped, refused] = await Promise.all([recordsOf(id, 'kept'), recordsOf(id, 'dropped'), recordsOf(id, 'refused')]);
  expect([kept.length, dropped.length]).toEqual([10, 3]);
  expect(refused.length).toBe(detail.candidates - 13);
  expect(refused.length).toBeGreaterThan(0);

  let ignoredPixels = 0;
  for await (const { record, mask } of readPairs(factory.product, { id })) {
    const map = await decodeIndexPng(mask);
    const ignored = map.data.filter((label) => label === 255).length;
    ignoredPixels += ignored;
    expect(record.ignored).toBe(ignored);
    const bright = map.data.filter((label) => label === BRIGHT).length;
    expect(record.areas[BRIGHT]).toBe(bright);
    expect(bright).toBeGreaterThanOrEqual(LEAST);
    const pieces = connectedComponents(map).components.filter(({ label, pixels }) => label === BRIGHT && pixels >= LEAST);
    expect(record.pieces![BRIGHT]).toBe(pieces.length);
    expect(pieces.length).toBeLessThanOrEqual(mostPieces);
    expect(record.nearest).toBeLessThanOrEqual(farthest);
    // Half of each annotated picture was bright.
    expect(bright / map.data.length).toBeGreaterThanOrEqual(0.49 / 1.5);
    expect(bright / map.data.length).toBeLessThanOrEqual(0.5 * 1.5);
  }
  expect(ignoredPixels).toBeGreaterThan(0);

  const figures = await datasetFigures(factory.product, await datasetOf(id));
  expect(figures).toMatchObject({ tried: detail.candidates, passed: 13, dropped: 3, kept: 10 });
  expect(Object.values(figures.refused).reduce((sum, times) => sum + times, 0)).toBe(refused.length);
  for (const { before, after } of [figures.js, ...figures.areas, figures.ignored!, figures.nearest!])
    expect([before.values, after.values]).toEqual([detail.candidates, 10]);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(figures.js.after.mean).toBeCloseTo(mean(kept.map(({ js }) => js)));
  expect(figures.js.before.mean).toBeCloseTo(mean([...kept, ...dropped, ...refused].map(({ js }) => js)));

  const report = await factory.backend.datasets.report(id);
  expect(report).toContain(`<th>Candidates tried</th><td>${detail.candidates}</td>`);
  expect(report).toContain(`bright is in at most ${mostPieces} piece`);
  expect(report.match(/<svg/g)).toHaveLength(3 + figures.areas.length);
  expect(report).not.toMatch(/src="(?!data:)|href=|<script/);
  expect(report).toContain('Not measured: this needs labels that are annotated in at least two pictures.');
  // Examples of each kind, the most uncertain first; picture and mask of each in their full size.
  const examples = (title: string) =>
    [
      ...report
        .split(`<h3>${title}</h3>`)[1]!
        .split('<h')[0]!
        .matchAll(/<\/span>seed (\d+): ([^<]*)<\/label>/g),
    ].map(([, seed, words]) => [Number(seed), words] as const);
  const byUncertainty = (records: readonly PairRecord[]) => records.toSorted((a, b) => b.js - a.js).slice(0, 8);
  const captions = (records: readonly PairRecord[]) => records.map(({ seed, js }) => [seed, `${js.toFixed(3)} nats`]);
  expect(examples('First pairs')).toEqual(captions(kept.slice(0, 8)));
  expect(examples('Most uncertain delivered pairs')).toEqual(captions(byUncertainty(kept)));
  expect(examples('Dropped as most uncertain')).toEqual(captions(byUncertainty(dropped)));
  expect(examples('Dropped by the rules').map(([seed]) => seed)).toEqual(refused.slice(0, 8).map(({ seed }) => seed));
  expect(
    examples('Dropped by the rules').every(([, why]) => Object.values(RULE_TITLES).some((rule) => why!.startsWith(rule))),
  ).toBe(true);
  const { image, mask } = await firstPair(id);
  const [shownImage, shownMask] = await Promise.all(['webp', 'png'].map((type) => firstImage(report, type)));
  const size = await sharp(image).metadata();
  expect([shownImage!.info.width, shownImage!.info.height]).toEqual([size.width, size.height]);
  const colours = await coloursOf(factory.product, await datasetOf(id), ['Background', 'bright']);
  const labels = (await decodeIndexPng(mask)).data;
  for (const [pixel, label] of labels.entries())
    if (label !== 255) expect([...shownMask!.data.subarray(3 * pixel, 3 * pixel + 3)]).toEqual([...colours[label]!]);
  expect(await readFile(join(detail.folder, 'report.html'), 'utf8')).toBe(report);
  expect(await readFile(join(detail.folder, 'SHA256SUMS'), 'utf8')).toMatch(/^[0-9a-f]{64} {2}report\.html$/m);
});

test('a preview shows picture and mask in the colours of the labels, first of what is there', async () => {
  await factory.shardsOf(6);
  const id = await factory.order({ count: 3 });
  await factory.reaches(id, 'completed');
  const dataset = await datasetOf(id);
  const colours = await coloursOf(factory.product, dataset, ['Background', 'bright']);
  const preview = (await finalPreview(factory.product, dataset, { colours, points: [] }))!;
  expect(await firstPreview(factory.product, dataset, { colours, points: [] })).toEqual(preview);
  const { data, info } = await sharp(preview).raw().toBuffer({ resolveWithObject: true });
  // Three pairs of two cells of 160 pixels, with gaps of 8 between pairs.
  expect([info.width, info.height, info.channels]).toEqual([6 * 160 + 2 * 8, 160, 3]);
  const first = await firstPair(id);
  const map = await decodeIndexPng(first.mask);
  const at = (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)];
  const cell = 160 / map.width;
  for (const [x, y] of [
    [0, 0],
    [map.width - 1, 2],
    [3, map.height - 1],
  ] as const) {
    const label = map.data[y * map.width + x]!;
    expect(at(160 + Math.floor((x + 0.5) * cell), Math.floor((y + 0.5) * cell))).toEqual([...colours[label]!]);
  }
});

test('a report of what is not made yet is refused', async () => {
  const release = factory.engine.hold((name) => name === 'predictPair');
  try {
    const id = await factory.order({ count: 3, seedStart: 9_000_000 });
    await expect(factory.backend.datasets.report(id)).rejects.toMatchObject({ code: 'wrong-state' });
    expect(await firstPreview(factory.product, await datasetOf(id), { colours: [], points: [] })).toBeUndefined();
  } finally {
    release();
  }
});
