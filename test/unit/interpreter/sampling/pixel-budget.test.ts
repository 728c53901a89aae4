import { expect, test } from 'vitest';
import { chooseImages, imagesThatFit, pixelsPerImage } from '../../../../src/interpreter/sampling/pixel-budget.ts';

test('2,000 pixels until the cap, then less, never below 64', () => {
  expect(pixelsPerImage(0.75e9, 5056, 16, 2000)).toBe(2000);
  expect(pixelsPerImage(0.75e9, 5056, 30, 2000)).toBe(Math.floor(0.75e9 / (4 * 5056 * 30)));
  expect(pixelsPerImage(0.75e9, 5056, 30, 2000) * 30 * 4 * 5056).toBeLessThanOrEqual(0.75e9);
  expect(pixelsPerImage(0.75e9, 5056, 100_000, 2000)).toBe(64);
  expect(imagesThatFit(0.75e9, 5056)).toBe(Math.floor(0.75e9 / (4 * 5056 * 64)));
});

test('where they do not all fit, the newest stay, and those that show rare classes', () => {
  // Newest first: class 0 in all, class 1 in every third, class 2 in the oldest only.
  const classesOf = Array.from({ length: 30 }, (_, i) => [0, ...(i % 3 === 2 ? [1] : []), ...(i === 29 ? [2] : [])]);
  expect(chooseImages(classesOf, 30)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  const chosen = chooseImages(classesOf, 9);
  expect(chosen.length).toBe(9);
  expect(chosen).toContain(29);
  expect(chosen).toEqual(expect.arrayContaining([2, 5, 0, 1, 3]));
  expect(chooseImages(classesOf, 1)).toEqual([29]);
});
