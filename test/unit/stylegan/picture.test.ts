import { expect, test } from 'vitest';
import { toPicture } from '../../../src/stylegan/picture.ts';

test('a byte is trunc(clip(127.5 x + 128, 0, 255))', () => {
  // -1 → 0.5, 0 → 128, 1 → 255.5, -0.999 → 0.6275, 0.5 → 191.75, 0.99 → 254.225
  const red = [-1, 0, 1, 0.5];
  const green = [-1.5, 2, -0.999, 0.99];
  const blue = [-1e9, 1e9, -1.0039, 0.0078];
  const image = Float32Array.from([...red, ...green, ...blue]);
  const picture = toPicture(image, { resolution: 2, rows: { from: 0, to: 2 }, labelSize: { width: 2, height: 2 } });
  expect(picture).toMatchObject({ width: 2, height: 2 });
  expect([...picture.rgb]).toEqual([0, 0, 0, 128, 255, 255, 255, 0, 0, 191, 254, 128]);
});

test('only the rows that are shown', () => {
  const image = Float32Array.from({ length: 3 * 16 }, (_, i) => (i - 128 + 0.5) / 127.5);
  const { width, height, rgb } = toPicture(image, {
    resolution: 4,
    rows: { from: 1, to: 3 },
    labelSize: { width: 8, height: 4 },
  });
  expect([width, height]).toEqual([4, 2]);
  expect([...rgb.subarray(0, 6)]).toEqual([4, 20, 36, 5, 21, 37]);
  expect([...rgb.subarray(21)]).toEqual([11, 27, 43]);
});

test('labels smaller than the image: a pixel is the mean of the values behind it', () => {
  // 4 × 4, rows 2 and 3 shown at half size; red 0 … 15, green and blue constant.
  const value = (byte: number) => (byte - 128) / 127.5;
  const image = Float32Array.from({ length: 48 }, (_, i) => (i < 16 ? value(10 * i + 0.5) : value(i < 32 ? 50.5 : 60.5)));
  const picture = toPicture(image, { resolution: 4, rows: { from: 2, to: 4 }, labelSize: { width: 2, height: 1 } });
  expect(picture).toMatchObject({ width: 2, height: 1 });
  // (80 + 90 + 120 + 130) / 4 = 105, (100 + 110 + 140 + 150) / 4 = 125
  expect([...picture.rgb]).toEqual([105, 50, 60, 125, 50, 60]);
});
