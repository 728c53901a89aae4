import { expect, test } from 'vitest';
import { heatAt } from '../../../../src/interpreter/keypoints/heat-target.ts';
import { peakOf } from '../../../../src/interpreter/keypoints/peak.ts';

const SIZE = { width: 40, height: 30 };
const heatOf = (x: number, y: number, sigma = 5, scale = 1) =>
  Float32Array.from({ length: SIZE.width * SIZE.height }, (_, i) => scale * heatAt(i, SIZE.width, { x, y }, sigma));

test.each([
  [20.5, 14.5],
  [20.13, 14.81],
  [8.02, 21.4],
])('the summit of a Gaussian at (%f, %f) is found to a twentieth of a pixel', (x, y) => {
  for (const reach of [1, 2, 3]) {
    const peak = peakOf(heatOf(x, y), SIZE, reach);
    expect(peak.x).toBeCloseTo(x, 1.3);
    expect(peak.y).toBeCloseTo(y, 1.3);
    expect(peak.height).toBeGreaterThan(0.98);
  }
});

test('of a parabola it is exact, whatever the height', () => {
  const parabola = Float32Array.from(
    { length: 1200 },
    (_, i) => 0.3 - ((i % 40) + 0.5 - 17.3) ** 2 / 500 - (Math.floor(i / 40) + 0.5 - 9.8) ** 2 / 300,
  );
  const peak = peakOf(parabola, SIZE, 2);
  expect(peak.x).toBeCloseTo(17.3, 4);
  expect(peak.y).toBeCloseTo(9.8, 4);
});

test('at the border, and where all is level, it stays in the picture', () => {
  const corner = peakOf(heatOf(0.2, 29.9), SIZE, 2);
  expect(corner.x).toBeGreaterThanOrEqual(0);
  expect(corner.x).toBeLessThan(1.5);
  expect(corner.y).toBeGreaterThan(28.5);
  expect(corner.y).toBeLessThanOrEqual(30);
  expect(peakOf(new Float32Array(1200), SIZE, 2)).toEqual({ x: 0.5, y: 0.5, height: 0 });
});

test('the warmest of two is taken', () => {
  const two = heatOf(10.5, 10.5, 3, 0.6).map((heat, i) => Math.max(heat, heatOf(30.5, 20.5, 3, 0.8)[i]!));
  const peak = peakOf(two, SIZE, 1);
  expect([peak.x, peak.y]).toEqual([30.5, 20.5]);
});
