import { expect, test } from 'vitest';
import { imageDivergence, imageUncertainty, predictionScore } from '../../../../src/interpreter/inference/uncertainty.ts';

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

test('a picture’s uncertainty is that of its heads, and of two the mean', () => {
  const masks = { divergence: 0.2, members: 10, classes: 12 };
  const score = predictionScore(0.2, 10, 12);
  expect(imageUncertainty(masks, undefined)).toEqual({ js: 0.2, score });
  expect(imageUncertainty(undefined, 0.75).score).toBe(0.75);
  expect(imageUncertainty(undefined, 0.75).js).toBeCloseTo(0.25 * Math.log(2), 12);
  const both = imageUncertainty(masks, 0.75);
  expect(both.js).toBeCloseTo((0.2 + 0.25 * Math.log(2)) / 2, 12);
  expect(both.score).toBeCloseTo((score + 0.75) / 2, 12);
});
