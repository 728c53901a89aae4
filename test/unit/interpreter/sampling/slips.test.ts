import { expect, test } from 'vitest';
import { UNLABELLED } from '../../../../src/interpreter/sampling/annotation.ts';
import { slipThreshold, withoutSlips } from '../../../../src/interpreter/sampling/slips.ts';

const square = (side: number, fill: (pixel: number) => number) => ({
  width: side,
  height: side,
  data: Uint8Array.from({ length: side * side }, (_, pixel) => fill(pixel)),
});

test('30 pixels at 512 px, scaled by area, never below 4', () => {
  expect(slipThreshold({ width: 512, height: 512 })).toBe(30);
  expect(slipThreshold({ width: 512, height: 384 })).toBe(30);
  expect(slipThreshold({ width: 256, height: 256 })).toBe(7.5);
  expect(slipThreshold({ width: 1024, height: 1024 })).toBe(120);
  expect(slipThreshold({ width: 32, height: 32 })).toBe(4);
});

test('a label with too few pixels becomes unlabelled and is reported; one more pixel and it stays', () => {
  const seven = square(256, (pixel) => (pixel < 7 ? 2 : pixel < 100 ? 1 : 0));
  const { map, dropped } = withoutSlips(seven, 3);
  expect(dropped).toEqual([{ label: 2, pixels: 7 }]);
  expect([...map.data.subarray(0, 9)]).toEqual([...Array(7).fill(UNLABELLED), 1, 1]);
  const eight = square(256, (pixel) => (pixel < 8 ? 2 : 0));
  expect(withoutSlips(eight, 3)).toEqual({ map: eight, dropped: [] });
});

test('a short stroke is no slip', () => {
  const map = square(256, (pixel) => (pixel < 2 ? 2 : pixel < 300 ? 1 : pixel < 900 ? 0 : UNLABELLED));
  expect(withoutSlips(map, 3)).toEqual({ map, dropped: [] });
});

test('a little background is no slip', () => {
  const map = square(32, (pixel) => (pixel < 2 ? 0 : 1));
  expect(withoutSlips(map, 2).dropped).toEqual([]);
});
