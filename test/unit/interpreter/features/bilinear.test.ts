import { expect, test } from 'vitest';
import { axisSamples } from '../../../../src/interpreter/features/bilinear.ts';

const resample = (values: number[], side: number, start = 0, count = side) => {
  const { low, high, fraction } = axisSamples(values.length, side, start, count);
  return [...low].map((l, i) => (1 - fraction[i]!) * values[l]! + fraction[i]! * values[high[i]!]!);
};

test('half-pixel centres, clamped at the border', () => {
  expect(resample([0, 1], 4)).toEqual([0, 0.25, 0.75, 1]);
  expect(resample([0, 1, 2, 3], 2)).toEqual([0.5, 2.5]);
  expect(resample([5], 3)).toEqual([5, 5, 5]);
  expect(resample([0, 8, 16, 24], 16)).toEqual([0, 0, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 24, 24]);
  expect(resample([3, 1, 4], 3)).toEqual([3, 1, 4]);
});

test('a crop reads the same values', () => {
  const values = [0, 8, 16, 24];
  expect(resample(values, 16, 5, 4)).toEqual(resample(values, 16).slice(5, 9));
});
