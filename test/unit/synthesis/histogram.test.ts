import { expect, test } from 'vitest';
import { Histogram, sharedBins } from '../../../src/synthesis/histogram.ts';

const of = (most: number, ...values: number[]) => {
  const histogram = new Histogram(most);
  for (const value of values) histogram.add(value);
  return histogram;
};

test('counts fall where their values are', () => {
  // 1200 fine bins of 0.01 up to 12: runs of 100 are 1 wide.
  const { width, counts } = of(12, 0, 0.5, 0.99, 1, 3.2, 3.9).bins(100);
  expect(width).toBe(1);
  expect(counts).toEqual([3, 1, 0, 2]);
});

test('what lies beyond the range counts at its ends, and the mean is of the values themselves', () => {
  const histogram = of(1, -0.1, 0.5, 7);
  expect(histogram.bins(600).counts).toEqual([1, 2]);
  expect(histogram.values).toBe(3);
  expect(histogram.mean).toBeCloseTo(7.4 / 3);
});

test('before and after share bins over the range that either uses', () => {
  const { before, after } = sharedBins(of(12, 0.1, 0.2, 5.5), of(12, 0.1), 6);
  expect(before.width).toBeCloseTo(0.92);
  expect(before.counts).toEqual([2, 0, 0, 0, 0, 1]);
  expect(after).toEqual({ width: before.width, counts: [1, 0, 0, 0, 0, 0] });
  expect(sharedBins(of(1), of(1), 6).before.counts).toEqual([0]);
});
