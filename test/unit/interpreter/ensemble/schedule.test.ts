import { expect, test } from 'vitest';
import { adamRates, isDone, learningRate } from '../../../../src/interpreter/ensemble/schedule.ts';
import { DEFAULT_SETTINGS } from '../../../../src/interpreter/recipe.ts';

const settings = { ...DEFAULT_SETTINGS, steps: 600, maxSteps: 1500, learningRate: 1e-3 };

test('constant for two thirds, a half cosine to a tenth over the last, and a tenth from there on', () => {
  expect(learningRate(0, settings)).toBe(1e-3);
  expect(learningRate(400, settings)).toBe(1e-3);
  expect(learningRate(500, settings)).toBeCloseTo(0.55e-3, 10);
  expect(learningRate(600, settings)).toBeCloseTo(0.1e-3, 10);
  expect(learningRate(1400, settings)).toBeCloseTo(0.1e-3, 10);
});

test('the rates for averages kept without factors are those of Adam as published', () => {
  // Two steps with gradients 3 and -1, once as published, once with the averages kept without their factors.
  let [m, v, published] = [0, 0, 0];
  let [rawM, rawS, ours] = [0, 0, 0];
  for (const [t, g] of [3, -1].entries()) {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    published -= (1e-3 * (m / (1 - 0.9 ** (t + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (t + 1))) + 1e-8);
    const [rate, epsilon, growth] = adamRates(t, settings);
    rawM = (0.9 / Math.sqrt(0.999)) * rawM + growth * g;
    rawS += (growth * g) ** 2;
    ours -= (rate * rawM) / (Math.sqrt(rawS) + epsilon);
  }
  expect(ours).toBeCloseTo(published, 14);
});

const falling = (steps: number, share: number, first = 2) =>
  Array.from({ length: steps }, (_, t) => first * (1 - share) ** (t / 100));

test('a small loss is learned, however it falls', () => {
  expect(isDone(falling(600, 0.1, 0.3), settings)).toBe(true);
  expect(isDone(falling(599, 0.1, 0.3), settings)).toBe(false);
});

test('done at the schedule’s end unless the loss still falls by over 2 % per 100 steps, and at the limit in any case', () => {
  expect(isDone(falling(599, 0), settings)).toBe(false);
  expect(isDone(falling(600, 0.01), settings)).toBe(true);
  expect(isDone(falling(600, 0.03), settings)).toBe(false);
  expect(isDone(falling(650, 0.01), settings)).toBe(false);
  expect(isDone(falling(700, 0.01), settings)).toBe(true);
  expect(isDone(falling(1400, 0.03), settings)).toBe(false);
  expect(isDone(falling(1500, 0.03), settings)).toBe(true);
});
