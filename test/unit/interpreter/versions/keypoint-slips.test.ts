import { expect, test } from 'vitest';
import { type HeldOutPoint, keypointSlips } from '../../../../src/interpreter/versions/keypoint-slips.ts';
import { type ImageIdentity, imageKey } from '../../../../src/stylegan/image-identity.ts';

const WITHIN = 12.8;
const point = (
  seed: number,
  keypoint: number,
  distance: number,
  markedThere: number | null = null,
): HeldOutPoint<ImageIdentity> => ({
  image: { generator: 'g', seed, class: null, psi: 1, cutoff: null },
  keypoint,
  distance,
  markedThere,
});
/** Keypoint 0 is easy; keypoint 1 is seen anywhere in half of the pictures. */
const USUAL = Array.from({ length: 10 }, (_, seed) => [
  point(seed, 0, 1 + (seed % 3)),
  point(seed, 1, seed % 2 === 0 ? 4 : 50 + seed),
]).flat();

test('points that are seen where they usually are give an empty list', () => {
  expect(keypointSlips(USUAL, WITHIN, imageKey)).toEqual([]);
  expect(keypointSlips([point(1, 0, 90)], WITHIN, imageKey)).toEqual([]);
});

test('swapped points come first, with the keypoint that is marked there', () => {
  const swapped = [point(99, 0, 45, 2), point(99, 2, 44, 0)];
  const others = Array.from({ length: 10 }, (_, seed) => point(seed, 2, 2));
  const found = keypointSlips([...USUAL, ...others, ...swapped], WITHIN, imageKey);
  expect(found.map(({ image, keypoint, markedThere }) => [image.seed, keypoint, markedThere])).toEqual([
    [99, 2, 0],
    [99, 0, 2],
  ]);
  expect(found[1]).toMatchObject({ distance: 45, usualDistance: 2 });
});

test('within the distance at which a keypoint counts as found, nothing is a slip', () => {
  const exact = Array.from({ length: 10 }, (_, seed) => point(seed, 0, 0.1));
  expect(keypointSlips([...exact, point(99, 0, WITHIN)], WITHIN, imageKey)).toEqual([]);
});
