import { expect, test } from 'vitest';
import { quantile } from '../../../../src/interpreter/learning/quantile.ts';

test('a quantile is a value, or between two of them', () => {
  expect(quantile([7], 0.5)).toBe(7);
  expect(quantile([1, 2, 9], 0.5)).toBe(2);
  expect(quantile([1, 2, 4, 9], 0.5)).toBe(3);
  expect([0, 0.25, 1].map((share) => quantile([1, 2, 4, 9, 10], share))).toEqual([1, 2, 10]);
});
