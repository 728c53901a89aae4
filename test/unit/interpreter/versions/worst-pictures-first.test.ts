import { expect, test } from 'vitest';
import { worstPicturesFirst } from '../../../../src/interpreter/versions/worst-pictures-first.ts';
import { imageKey } from '../../../../src/stylegan/image-identity.ts';

const slip = (seed: number, deviations: number) => ({
  image: { generator: 'g', seed, class: null, psi: 1, cutoff: null },
  deviations,
});

test('pictures by the sum of their deviations, and those of a picture together, by their own', () => {
  const slips = [slip(1, 9), slip(2, 5), slip(3, 3), slip(2, 8), slip(1, 3)];
  expect(worstPicturesFirst(slips, imageKey).map(({ image, deviations }) => [image.seed, deviations])).toEqual([
    [2, 8],
    [2, 5],
    [1, 9],
    [1, 3],
    [3, 3],
  ]);
});

test('equal pictures come in the same order whatever the order before', () => {
  const order = (slips: readonly ReturnType<typeof slip>[]) => worstPicturesFirst(slips, imageKey).map(({ image }) => image.seed);
  expect(order([slip(2, 4), slip(1, 4)])).toEqual(order([slip(1, 4), slip(2, 4)]));
});
