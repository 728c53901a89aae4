import { expect, test } from 'vitest';
import { heatAt, heatSigma } from '../../../../src/interpreter/keypoints/heat-target.ts';
import { chooseKeypointPixels } from '../../../../src/interpreter/keypoints/keypoint-pixels.ts';

const SIZE = { width: 256, height: 200 };
const SIGMA = heatSigma(SIZE);
const POINTS = [{ x: 60.3, y: 80.2 }, null, { x: 120, y: 40.7 }];
const choose = (drawn: number, seed = 1) => chooseKeypointPixels(POINTS, SIZE, drawn, seed, [3, 4]);
const within = (pixel: number, { x, y }: { x: number; y: number }) =>
  Math.hypot((pixel % 256) + 0.5 - x, Math.floor(pixel / 256) + 0.5 - y) <= 3 * SIGMA;
const near = (pixel: number) => POINTS.some((point) => point !== null && within(pixel, point));
const mirrored = (pixel: number) =>
  !near(pixel) && POINTS.some((point) => point !== null && within(pixel, { ...point, x: 256 - point.x }));

test('half of the pixels are near a point, a quarter near a mirrored one, none comes twice', () => {
  const pixels = [...choose(1200).pixels];
  expect(new Set(pixels).size).toBe(1200);
  expect(pixels.filter(near)).toHaveLength(600);
  expect(pixels.filter(mirrored)).toHaveLength(300);
});

test('each pixel stands for its share of the picture: the weighted loss is that of all pixels', () => {
  const all = SIZE.width * SIZE.height;
  const { pixels, represents } = choose(3000);
  const sum = (of: (pixel: number) => number) => pixels.reduce((total, pixel, i) => total + represents[i]! * of(pixel), 0);
  expect(sum(() => 1)).toBeCloseTo(all, 0);
  // Any function of the pixel: the heat, whose sum is 2πσ² a point, and a column's number.
  const heat = (pixel: number) =>
    POINTS.reduce((total, point) => total + (point === null ? 0 : heatAt(pixel, 256, point, SIGMA)), 0);
  expect(sum(heat) / (2 * 2 * Math.PI * SIGMA ** 2)).toBeCloseTo(1, 1);
  expect(sum((pixel) => pixel % 256) / (all * 127.5)).toBeCloseTo(1, 1);
});

test('a smaller number takes the first of a greater one, and the draws depend on the seed', () => {
  expect(choose(400).pixels).toEqual(choose(2000).pixels.subarray(0, 400));
  expect(choose(400, 2).pixels).not.toEqual(choose(400).pixels);
});

test('what a stratum lacks comes from the others, and a picture gives no more pixels than it has', () => {
  const small = { width: 30, height: 20 };
  const { pixels, represents } = chooseKeypointPixels([{ x: 3, y: 3 }], small, 10_000, 0, [0, 0]);
  expect([...pixels].sort((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, i) => i));
  expect(new Set(represents)).toEqual(new Set([1]));
});

test('a point beyond the border is no error', () => {
  const { pixels } = chooseKeypointPixels([{ x: -2, y: 205 }], SIZE, 500, 0, [0, 0]);
  expect(pixels.every((pixel) => pixel >= 0 && pixel < SIZE.width * SIZE.height)).toBe(true);
  expect(pixels).toHaveLength(500);
});
