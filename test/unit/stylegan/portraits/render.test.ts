import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderPortrait } from '../../../../src/stylegan/portraits/render.ts';
import { goldenOf, greatestDifference } from '../../../support/golden.ts';

const MASK_HASHES = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../fixtures/portraits-256/truth-sha256.json'), 'utf8'),
) as Record<string, string>;

test.each([0, 1] as const)('seed %i: mask, picture and keypoints are those of the recipe’s renderer', (seed) => {
  const { mask, image, keypoints } = renderPortrait(seed, { image: true });
  expect([mask.width, mask.height]).toEqual([256, 256]);
  expect(greatestDifference(mask.data, goldenOf('mask', seed))).toBe(0);
  expect(greatestDifference(image!, goldenOf('render', seed))).toBeLessThanOrEqual(1e-4);
  const points = keypoints.flatMap(({ x, y }) => [x, y]);
  expect(greatestDifference(points, goldenOf('keypoints', seed))).toBeLessThanOrEqual(1e-6);
  expect(keypoints.map(({ visible }) => Number(visible))).toEqual([...goldenOf('visible', seed)]);
});

test('the masks of 64 more seeds are exact', () => {
  const hashes = Object.keys(MASK_HASHES).map((seed) => [
    seed,
    createHash('sha256')
      .update(renderPortrait(Number(seed)).mask.data)
      .digest('hex'),
  ]);
  expect(hashes).toHaveLength(64);
  expect(Object.fromEntries(hashes)).toEqual(MASK_HASHES);
});

test('the picture is only made when asked for, and the mask is the same', () => {
  expect(renderPortrait(7).image).toBeUndefined();
  expect(renderPortrait(7).mask.data).toEqual(renderPortrait(7, { image: true }).mask.data);
});
