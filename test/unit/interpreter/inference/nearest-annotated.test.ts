import { expect, test } from 'vitest';
import { distanceUnit, nearestDistance } from '../../../../src/interpreter/inference/nearest-annotated.ts';

const f32 = (...values: number[]) => Float32Array.from(values);

test('the distance is that to the nearest, in the unit of two random pictures', () => {
  // Two pictures, two layers of two styles; the average is (1, 0).
  const ws = f32(4, 4, 4, 4, 1, 0, 1, 0);
  const unit = distanceUnit(ws, 2, [1, 0]);
  // The first is 9 + 16 + 9 + 16 = 50 from the average, the second 0.
  expect(unit).toBeCloseTo(Math.sqrt((2 * 50) / 2));
  expect(nearestDistance(f32(4, 4, 4, 4), { ws, count: 2, unit })).toBe(0);
  expect(nearestDistance(f32(1, 3, -3, 0), { ws, count: 2, unit })).toBeCloseTo(5 / unit);
  expect(nearestDistance(f32(4, 4, 4, 7), { ws, count: 2, unit })).toBeCloseTo(3 / unit);
});

test('pictures that are all the average have distances nonetheless', () => {
  expect(distanceUnit(f32(1, 0, 1, 0), 1, [1, 0])).toBe(1);
});
