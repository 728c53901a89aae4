import { expect, test } from 'vitest';
import { Random } from '../../../../src/interpreter/learning/random.ts';
import { robustDeviation } from '../../../../src/interpreter/learning/robust-deviation.ts';

test('among many normal values a deviation is a standard deviation', () => {
  const random = new Random(0, 'weights', 3);
  const others = Array.from({ length: 20_001 }, () => 10 + 2 * random.normal());
  const { usual, deviations } = robustDeviation(16, others, 0);
  expect(Math.abs(usual - 10)).toBeLessThan(0.1);
  expect(Math.abs(deviations - 3)).toBeLessThan(0.15);
});

test('a few odd ones among the others change nothing', () => {
  const alike = Array.from({ length: 9 }, () => 1);
  expect(robustDeviation(2, [...alike, 90, 90], 0.1).usual).toBe(1);
  expect(robustDeviation(2, [...alike, 90, 90], 0.1).deviations).toBeCloseTo(10 / (1 + 1 / 11), 9);
});

test('a value that a third of the others reach is usual', () => {
  const others = [1, 1, 1, 1, 50, 50];
  expect(robustDeviation(50, others, 0.1).deviations).toBeLessThan(1);
});

test('a single other one is compared with, and trusted half as much', () => {
  expect(robustDeviation(3, [1], 0.5)).toEqual({ usual: 1, deviations: 2 });
});
