import { expect, test } from 'vitest';
import { heatAt, heatSigma } from '../../../../src/interpreter/keypoints/heat-target.ts';

test('heat is 1 at the point, falls off as a Gaussian, and σ is 2 % of the longer side', () => {
  expect(heatSigma({ width: 512, height: 384 })).toBeCloseTo(10.24, 10);
  const width = 20;
  const pixel = (x: number, y: number) => y * width + x;
  const point = { x: 7.5, y: 4.5 };
  expect(heatAt(pixel(7, 4), width, point, 3)).toBe(1);
  expect(heatAt(pixel(10, 4), width, point, 3)).toBeCloseTo(Math.exp(-0.5), 12);
  expect(heatAt(pixel(7, 10), width, point, 3)).toBeCloseTo(Math.exp(-2), 12);
  expect(heatAt(pixel(3, 1), width, point, 5)).toBeCloseTo(Math.exp(-0.5), 12);
});

test('a point between two pixels is as near to both', () => {
  const point = { x: 4, y: 2.5 };
  expect(heatAt(2 * 10 + 3, 10, point, 2)).toBe(heatAt(2 * 10 + 4, 10, point, 2));
});
