import { expect, test } from 'vitest';
import { orderPixels, pixelsWithin } from '../../../../src/interpreter/sampling/pixel-sampling.ts';
import { labelledRegions } from '../../../../src/interpreter/sampling/regions.ts';

/** 60 × 40: background, a wide label 1, three small spots of label 2, unlabelled right margin. */
const map = {
  width: 60,
  height: 40,
  data: Uint8Array.from({ length: 2400 }, (_, pixel) => {
    const [x, y] = [pixel % 60, Math.floor(pixel / 60)];
    if (x >= 55) return 255;
    if (y === 5 && [10, 20, 30, 31].includes(x)) return 2;
    return y >= 20 ? 1 : 0;
  }),
};

test('every region has a pixel first, no pixel comes twice, no unlabelled pixel comes at all', () => {
  const { pixels, regions } = orderPixels(map, 300, 1, [5, 6]);
  expect(regions).toBe(5);
  const { region } = labelledRegions(map);
  expect(new Set([...pixels.subarray(0, 5)].map((pixel) => region[pixel])).size).toBe(5);
  expect(new Set(pixels).size).toBe(300);
  expect([...pixels].every((pixel) => map.data[pixel] !== 255)).toBe(true);
});

test('classes are balanced until a small one is used up', () => {
  const { pixels } = orderPixels(map, 300, 1, [5, 6]);
  const counts = [0, 1, 2].map((label) => [...pixels].filter((pixel) => map.data[pixel] === label).length);
  expect(counts[2]).toBe(4);
  expect(Math.abs(counts[0]! - counts[1]!)).toBeLessThanOrEqual(2);
});

test('a smaller budget is a prefix of a larger one', () => {
  const large = orderPixels(map, 500, 1, [5, 6]).pixels;
  for (const budget of [5, 64, 200]) expect(orderPixels(map, budget, 1, [5, 6]).pixels).toEqual(large.subarray(0, budget));
});

test('fewer than one pixel per region is not asked for; more than there are labelled is not either', () => {
  expect(orderPixels(map, 2, 1, [5, 6]).pixels.length).toBe(5);
  expect(orderPixels(map, 10_000, 1, [5, 6]).pixels.length).toBe(2200);
  expect(pixelsWithin(64, 100, 5000)).toBe(100);
});

test('strokes are sampled evenly over their length, whatever the budget', () => {
  const strokes = {
    width: 200,
    height: 40,
    data: Uint8Array.from({ length: 8000 }, (_, pixel) => {
      const [x, y] = [pixel % 200, Math.floor(pixel / 200)];
      return y >= 10 && y < 16 ? 1 : y >= 30 && y < 36 && x < 100 ? 0 : 255;
    }),
  };
  const { pixels } = orderPixels(strokes, 1000, 1, [5, 6]);
  for (const budget of [80, 200, 400, 1000]) {
    const columns = [...pixels.subarray(0, budget)].filter((pixel) => strokes.data[pixel] === 1).map((pixel) => pixel % 200);
    const tenths = Array.from({ length: 10 }, (_, tenth) => columns.filter((x) => Math.floor(x / 20) === tenth).length);
    expect(Math.max(...tenths) - Math.min(...tenths)).toBeLessThanOrEqual(Math.max(2, 0.1 * tenths[0]!));
  }
  expect(new Set(pixels).size).toBe(1000);
});

test('the draw depends on the seed and on the picture, and on nothing else', () => {
  const first = orderPixels(map, 100, 1, [5, 6]).pixels;
  expect(orderPixels(map, 100, 1, [5, 6]).pixels).toEqual(first);
  expect(orderPixels(map, 100, 2, [5, 6]).pixels).not.toEqual(first);
  expect(orderPixels(map, 100, 1, [5, 7]).pixels).not.toEqual(first);
});
