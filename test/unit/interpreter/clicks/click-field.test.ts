import { expect, test } from 'vitest';
import { clickField } from '../../../../src/interpreter/clicks/click-field.ts';

const features = Float32Array.from([0, 0.2, 0.7, 1.4, 0.1]);
const view = { width: 5, height: 1, directions: 1, features, opinion: null };
const prior = Float32Array.from([-0.5, 0.5, 0, -1, 0.3]);
const alike = (a: number, b: number) => Math.exp(-Math.abs(features[a]! - features[b]!) / 0.7);

test('one click moves each pixel from its prior as far as it is like the clicked one', () => {
  const field = clickField(view, prior, [{ pixel: 0, inside: true }]);
  for (const [x, value] of field.entries()) expect(value).toBeCloseTo(prior[x]! + (alike(x, 0) * 1.5) / 1.01, 5);
});

test('two clicks are the solution of two equations', () => {
  const field = clickField(view, prior, [
    { pixel: 1, inside: true },
    { pixel: 3, inside: false },
  ]);
  // (1.01  k)(a)   ( 1 - 0.5)
  // (k  1.01)(b) = (-1 + 1  )
  const k = alike(1, 3);
  const determinant = 1.01 ** 2 - k ** 2;
  const [a, b] = [(1.01 * 0.5) / determinant, (-k * 0.5) / determinant];
  for (const [x, value] of field.entries()) expect(value).toBeCloseTo(prior[x]! + a * alike(x, 1) + b * alike(x, 3), 5);
});

test('without clicks the prior stands', () => {
  expect(clickField(view, prior, [])).toEqual(prior);
});
