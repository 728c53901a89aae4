import { expect, test } from 'vitest';
import { predictionMemory } from '../../../../src/interpreter/inference/predict.ts';
import { openPortraits } from '../../../integration/interpreter/support/portraits.ts';

const shape = { dims: 64, members: 10, hidden: [128, 32] as const, classes: 12 };
const narrow = { shape, directions: 64 };
/** Of a version of an older recipe, which sees all features. */
const wide = { shape: { ...shape, dims: 1120 }, directions: null };

test('a prediction’s memory counts both heads, and what each turns the features into', async () => {
  const generator = await openPortraits();
  const of = (heads: Parameters<typeof predictionMemory>[1]) => predictionMemory(generator, heads);
  const [masks, keypoints, both] = [of({ masks: narrow }), of({ keypoints: narrow }), of({ masks: narrow, keypoints: narrow })];
  expect(keypoints).toBe(masks);
  // Sixty-four numbers more at each point of the maps of 4 … 128 px, and more in each tile.
  expect(both - masks).toBeGreaterThan(4 * 64 * (4 ** 2 + 8 ** 2 + 16 ** 2 + 32 ** 2 + 64 ** 2 + 128 ** 2));
  expect(of({ masks: wide }) - masks).toBeGreaterThan(4 * (1280 - 64) * 128 ** 2);
  // What is asked for before a version is read is enough for both.
  expect(predictionMemory(generator)).toBe(both);
});
