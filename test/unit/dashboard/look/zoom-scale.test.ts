import { expect, test } from 'vitest';
import { LEAST_ZOOM, scrollAfterZoom, wheelFactor, zoomedBy } from '../../../../src/dashboard/pages/look/zoom-scale.ts';

test('zoom has its limits', () => {
  expect(zoomedBy(LEAST_ZOOM, 0.5)).toBe(LEAST_ZOOM);
  expect(zoomedBy(2, 1.5)).toBe(3);
  expect(zoomedBy(10, 100)).toBe(16);
});

test('a wheel turned up and down again comes back', () => {
  expect(wheelFactor(-100)).toBeGreaterThan(1);
  expect(wheelFactor(-100) * wheelFactor(100)).toBeCloseTo(1);
  expect(wheelFactor(1e6)).toBe(wheelFactor(400));
});

test('what is under the pointer stays there', () => {
  // 150 pixels into the sheet, and 75 behind the left edge of the window.
  const scroll = scrollAfterZoom(75, 75, 1, 2);
  expect(scroll + 75).toBe(300);
  expect(scrollAfterZoom(0, 100, 4, 1)).toBe(0);
});
