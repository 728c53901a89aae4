import { expect, test } from 'vitest';
import { type HeldOutPicture, likelySlips } from '../../../../src/interpreter/versions/likely-slips.ts';
import { type ImageIdentity, imageKey } from '../../../../src/stylegan/image-identity.ts';

const HAIR = 1;
const FACE = 2;
const IRIS = 3;

/** Rows of [background, hair, face, iris] pixels as seen, by annotated label. */
function picture(seed: number, rows: readonly (readonly number[])[]): HeldOutPicture<ImageIdentity> {
  const counts = Float64Array.from([...[1000, 0, 0, 0], ...rows.flat()]);
  return { image: { generator: 'g', seed, class: null, psi: 1, cutoff: null }, confusion: { classes: 4, counts } };
}

/** Hair and face are easy; half of the iris is always seen as face, more or less. */
const usual = (seed: number) =>
  picture(seed, [
    [10, 480 + seed, 10, 0],
    [5, 5, 290 + seed, 0],
    [0, 0, 10 + (seed % 5), 12],
  ]);

const USUAL = Array.from({ length: 12 }, (_, seed) => usual(seed));

test('pictures that agree with the others give an empty list', () => {
  expect(likelySlips(USUAL, imageKey)).toEqual([]);
  expect(likelySlips([], imageKey)).toEqual([]);
});

test('swapped labels come first, although another label is seen worse in every picture', () => {
  const swapped = picture(99, [
    [10, 40, 450, 0],
    [5, 290, 5, 0],
    [0, 0, 14, 12],
  ]);
  const found = likelySlips([...USUAL, swapped], imageKey);
  expect(found.map(({ image, label, seen }) => [image.seed, label, seen])).toEqual([
    [99, FACE, HAIR],
    [99, HAIR, FACE],
  ]);
  expect(found[0]).toMatchObject({ pixels: 300, share: 290 / 300 });
  expect(found[0]!.usualShare).toBeCloseTo(0.0167, 3);
});

test('a hard label is listed only where it is far worse than usual', () => {
  const allFace = [
    [10, 480, 10, 0],
    [5, 5, 290, 0],
    [0, 0, 26, 0],
  ];
  expect(likelySlips([...USUAL, picture(99, allFace)], imageKey).filter(({ label }) => label === IRIS)).toHaveLength(1);
  const worse = [allFace[0]!, allFace[1]!, [0, 0, 17, 9]];
  expect(likelySlips([...USUAL, picture(99, worse)], imageKey)).toEqual([]);
});

test('a label that only one picture has is compared with nothing', () => {
  const none = [0, 0, 0, 0];
  const alone = picture(99, [[0, 0, 500, 0], none, none]);
  expect(likelySlips([alone, picture(1, [none, [5, 5, 290, 0], none])], imageKey)).toEqual([]);
});
