import { expect, test } from 'vitest';
import {
  greatestUncertainty,
  imageDivergence,
  imageUncertainty,
  predictionScore,
} from '../../../../src/interpreter/inference/uncertainty.ts';
import { Random } from '../../../../src/interpreter/learning/random.ts';
import { DEFAULT_SETTINGS } from '../../../../src/interpreter/recipe.ts';

test('the image divergence is the mean of the most uncertain tenth, rounded up', () => {
  expect(imageDivergence(Float32Array.from({ length: 20 }, (_, i) => i))).toBe(18.5);
  expect(imageDivergence(Float32Array.from({ length: 21 }, (_, i) => 20 - i))).toBe(19);
  expect(imageDivergence(Float32Array.of(0.25))).toBe(0.25);
});

test('the image divergence is to the bit what sorting all values gives', () => {
  const random = new Random(3, 'pixels');
  for (const pixels of [1, 9, 10, 1000, 4097]) {
    const values = Float32Array.from({ length: pixels }, (_, i) => (i % 3 === 0 ? -0 : (random.below(1000) / 900) ** 6));
    const worst = values
      .toSorted()
      .subarray(-Math.ceil(0.1 * pixels))
      .reduce((sum, value) => sum + value, 0);
    expect(imageDivergence(values), `${pixels} pixels`).toBe(worst / Math.ceil(0.1 * pixels));
  }
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

test('no picture is more uncertain than the greatest uncertainty', () => {
  const shape = { dims: 1, members: 10, hidden: [1, 1] as const, classes: 1 };
  const keypoints = {
    names: ['eye'],
    annotatedKeypoints: [0],
    sigma: 1,
    thresholds: [0.3],
    shape,
    steps: 1,
    loss: 0,
    trainingAccuracy: 1,
  };
  const settings = { ...DEFAULT_SETTINGS, members: 10 };
  const most = imageUncertainty({ divergence: Math.log(3), members: 10, classes: 3 }, 0);
  expect(most.score).toBe(0);
  expect(greatestUncertainty({ settings, annotatedLabels: [0, 1, 2], keypoints })).toBeCloseTo(most.js, 12);
  expect(greatestUncertainty({ settings, annotatedLabels: [0, 1, 2] })).toBeCloseTo(Math.log(3), 12);
  expect(greatestUncertainty({ settings, annotatedLabels: [], keypoints })).toBeCloseTo(Math.LN2, 12);
  expect(greatestUncertainty({ settings: { ...settings, members: 1 }, annotatedLabels: [0, 1] })).toBe(1);
});
