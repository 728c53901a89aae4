import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FeatureCache } from '../../../../src/interpreter/sampling/feature-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feature-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const order = { pixels: Int32Array.of(40, 7, 99), regions: 2 };
const features = Float32Array.from({ length: 12 }, (_, i) => i / 7);

test('the first rows of what was written, and the whole order', async () => {
  const cache = new FeatureCache(folder, 1e6);
  expect(await cache.order('a', 4)).toBeUndefined();
  await cache.write('a', order, features);
  expect(await cache.order('a', 4)).toEqual(order);
  expect(await cache.features('a', 4, 2)).toEqual(features.subarray(0, 8));
  expect(await cache.features('a', 4, 3)).toEqual(features);
  expect(await cache.features('a', 4, 4)).toBeUndefined();
  expect(await cache.order('a', 5)).toBeUndefined();
});

test('a file cut short or altered anywhere is as if it were not there', async () => {
  const cache = new FeatureCache(folder, 1e6);
  await cache.write('a', order, features);
  const file = join(folder, readdirSync(folder)[0]!);
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes);
    altered[at]! ^= 1;
    writeFileSync(file, altered);
    expect(await cache.features('a', 4, 3), `byte ${at}`).toBeUndefined();
  }
  for (const length of [0, 10, 30, bytes.length - 1]) {
    writeFileSync(file, bytes.subarray(0, length));
    expect(await cache.features('a', 4, 3), `${length} bytes`).toBeUndefined();
  }
  // Damage after the rows asked for does not matter.
  expect(await cache.features('a', 4, 2)).toEqual(features.subarray(0, 8));
});

test('a folder that cannot be written only costs the cache', async () => {
  writeFileSync(join(folder, 'file'), '');
  const cache = new FeatureCache(join(folder, 'file', 'under'), 1e6);
  await cache.write('a', order, features);
  expect(await cache.order('a', 4)).toBeUndefined();
  await cache.trim();
});

test('trim leaves the files used last, and clears away interrupted writes', async () => {
  const size = 20 + 8 * 3 + 4 * 12;
  const cache = new FeatureCache(folder, 2 * size);
  for (const key of ['a', 'b', 'c']) await cache.write(key, order, features);
  const past = (minutes: number) => new Date(Date.now() - 60_000 * minutes);
  for (const [minutes, key] of ['a', 'b', 'c'].entries()) {
    expect(statSync(join(folder, `${key}.features`)).size).toBe(size);
    utimesSync(join(folder, `${key}.features`), past(30 - minutes), past(30 - minutes));
  }
  for (const [name, minutes] of [
    ['old.tmp', 90],
    ['new.tmp', 1],
  ] as const) {
    writeFileSync(join(folder, name), 'x');
    utimesSync(join(folder, name), past(minutes), past(minutes));
  }
  await cache.features('a', 4, 3);
  await cache.trim();
  expect(readdirSync(folder).sort()).toEqual(['a.features', 'c.features', 'new.tmp']);
});
