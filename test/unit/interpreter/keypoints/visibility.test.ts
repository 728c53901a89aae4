import { expect, test } from 'vitest';
import { visibleFrom } from '../../../../src/interpreter/keypoints/visibility.ts';

const at = { x: 1, y: 1 };
const peaks = (...heights: number[]) => heights.map((height) => ({ height, pixel: 0 }));

test('half of the mean height where some picture lacks it, 0.35 of it where none does', () => {
  const thresholds = visibleFrom([
    { points: [at, at, null], peaks: peaks(0.8, 0.9, 0.1) },
    { points: [at, null, at], peaks: peaks(0.6, 0.2, 0.5) },
  ]);
  expect(thresholds[0]).toBeCloseTo(0.35 * 0.7, 12);
  expect(thresholds[1]).toBeCloseTo(0.45, 12);
  expect(thresholds[2]).toBeCloseTo(0.25, 12);
});
