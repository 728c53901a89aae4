import { expect, test } from 'vitest';
import { fillBetween } from '../../../../src/interpreter/clicks/fill-between.ts';

test('known values stay, and others are between their neighbours', () => {
  const plane = (x: number, y: number) => [3 * x - 2 * y + 1, 7];
  const [width, height] = [7, 13];
  for (const every of [1, 2, 3]) {
    const known: number[] = [];
    for (let y = 0; y < height; y += every) for (let x = 0; x < width; x += every) known.push(...plane(x, y));
    const filled = fillBetween(Float32Array.from(known), width, height, every);
    expect(filled).toHaveLength(2 * width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = 2 * (y * width + x);
        expect(filled[at]).toBeCloseTo(plane(x, y)[0]!, 5);
        expect(filled[at + 1]).toBe(7);
      }
  }
});

test('beyond the last known column and row, their values go on', () => {
  expect([...fillBetween(Float32Array.of(1, 3, 5, 7), 4, 4, 2)]).toEqual([1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 7, 7, 5, 6, 7, 7]);
});
