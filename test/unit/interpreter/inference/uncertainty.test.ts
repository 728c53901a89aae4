import { expect, test } from 'vitest';
import { imageDivergence, predictionScore } from '../../../../src/interpreter/inference/uncertainty.ts';

test('the image divergence is the mean of the most uncertain tenth, rounded up', () => {
  expect(imageDivergence(Float32Array.from({ length: 20 }, (_, i) => i))).toBe(18.5);
  expect(imageDivergence(Float32Array.from({ length: 21 }, (_, i) => 20 - i))).toBe(19);
  expect(imageDivergence(Float32Array.of(0.25))).toBe(0.25);
});

test('the score is 1 where all agree and 0 at the greatest divergence', () => {
  expect(predictionScore(0, 10, 12)).toBe(1);
  expect(predictionScore(Math.log(10), 10, 12)).toBe(0);
  expect(predictionScore(Math.log(2) / 2, 10, 2)).toBeCloseTo(0.5, 12);
  expect(predictionScore(99, 10, 2)).toBe(0);
  expect(predictionScore(0, 1, 12)).toBe(1);
});
