import { expect, test } from 'vitest';
import { nextPictures, type Points } from '../../../../src/interpreter/inference/next-pictures.ts';

const points = (...rows: readonly (readonly [number, number])[]): Points => ({ values: Float32Array.from(rows.flat()), size: 2 });

test('of equally uncertain pictures the farthest from all annotated and chosen ones comes next', () => {
  const candidates = points([1, 0], [10, 0], [9, 0], [0, 6]);
  expect(nextPictures(candidates, [1, 1, 1, 1], points([0, 0]), 3)).toEqual([1, 3, 0]);
});

test('of equally far pictures the most uncertain comes next', () => {
  expect(nextPictures(points([3, 0], [0, 3], [-3, 0]), [0.1, 0.3, 0.2], points([0, 0]), 1)).toEqual([1]);
});

test('an outlier must be far enough, for how certain it is', () => {
  const candidates = points([2, 0], [10, 0]);
  expect(nextPictures(candidates, [0.5, 0.2], points([0, 0]), 1)).toEqual([1]);
  expect(nextPictures(candidates, [0.5, 0.05], points([0, 0]), 1)).toEqual([0]);
});

test('the twin of a chosen picture comes last, however uncertain', () => {
  const twins = points([5, 0], [5, 0], [1, 1]);
  expect(nextPictures(twins, [0.9, 0.9, 0.1], points([0, 0]), 3)).toEqual([0, 2, 1]);
});

test('without an annotated picture the first choice goes by uncertainty; never more than there are', () => {
  expect(nextPictures(points([0, 0], [9, 9], [1, 0]), [0.1, 0.2, 0.3], points(), 9)).toEqual([2, 1, 0]);
  expect(nextPictures(points(), [], points([0, 0]), 2)).toEqual([]);
});
