import { expect, test } from 'vitest';
import { spreadPixels } from '../../../../src/interpreter/sampling/spread-pixels.ts';

const square = Int32Array.from({ length: 32 * 32 }, (_, pixel) => pixel);

test('every pixel comes once, wherever it begins', () => {
  for (const begin of [0, 5, 1023]) expect(spreadPixels(square, 32, begin).toSorted()).toEqual(square);
  expect([...spreadPixels(Int32Array.of(7), 32, 0)]).toEqual([7]);
  expect([...spreadPixels(new Int32Array(0), 32, 0)]).toEqual([]);
});

test('of a full square, every power of four of pixels has one in each equal part', () => {
  for (const parts of [2, 4, 8, 16]) {
    const first = [...spreadPixels(square, 32, 0).subarray(0, parts ** 2)];
    const part = (pixel: number) => Math.floor((pixel % 32) / (32 / parts)) + parts * Math.floor(pixel / 32 / (32 / parts));
    expect(new Set(first.map(part)).size).toBe(parts ** 2);
  }
});
