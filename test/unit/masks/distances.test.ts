import { describe, expect, it } from 'vitest';
import { geodesicDistance } from '../../../src/masks/geodesic-distance.ts';
import { nearestSet } from '../../../src/masks/nearest-set.ts';
import { resizePicture } from '../../../src/masks/resize-picture.ts';

const grey = (width: number, height: number, valueAt: (x: number, y: number) => number) => ({
  width,
  height,
  rgb: Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return valueAt(pixel % width, Math.floor(pixel / width));
  }),
});

describe('geodesicDistance', () => {
  it('is the length of the path in a plain picture', () => {
    const distance = geodesicDistance(
      grey(5, 3, () => 7),
      Uint8Array.from({ length: 15 }, (_, i) => (i === 0 ? 1 : 0)),
    );
    expect(distance[0]).toBe(0);
    expect(distance[4]).toBe(4);
    expect(distance[12]).toBeCloseTo(2 * Math.SQRT2, 5);
  });

  it('is longer across an edge, by 0.3 a grey level and channel, and goes around it where that is shorter', () => {
    // A wall in column 2 with a gap in the last row.
    const picture = grey(5, 3, (x, y) => (x === 2 && y < 2 ? 100 : 0));
    const seeds = Uint8Array.from({ length: 15 }, (_, i) => (i === 0 ? 1 : 0));
    const distance = geodesicDistance(picture, seeds);
    expect(distance[2]).toBeCloseTo(2 + 0.3 * 3 * 100, 4);
    expect(distance[4]).toBeCloseTo(4 * Math.SQRT2, 5);
  });

  it('is infinite without a seed', () => {
    expect([
      ...geodesicDistance(
        grey(2, 1, () => 0),
        new Uint8Array(2),
      ),
    ]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});

describe('nearestSet', () => {
  it('finds the nearest set pixel of every pixel', () => {
    const [width, height] = [17, 11];
    const set = Uint8Array.from({ length: width * height }, (_, i) => ((i * 7919) % 31 === 0 ? 1 : 0));
    const distance = (a: number, b: number) =>
      Math.hypot((a % width) - (b % width), Math.floor(a / width) - Math.floor(b / width));
    const targets = [...set.keys()].filter((pixel) => set[pixel] === 1);
    for (const [pixel, nearest] of nearestSet(set, width, height).entries())
      expect(distance(pixel, nearest)).toBeCloseTo(Math.min(...targets.map((target) => distance(pixel, target))), 5);
  });

  it('is -1 where nothing is set', () => {
    expect([...nearestSet(new Uint8Array(4), 2, 2)]).toEqual([-1, -1, -1, -1]);
  });
});

describe('resizePicture', () => {
  it('takes the pixel under each centre, and gives the same picture back in its own size', () => {
    const picture = grey(4, 2, (x, y) => 10 * y + x);
    expect(resizePicture(picture, 4, 2)).toBe(picture);
    const half = resizePicture(picture, 2, 1);
    expect([...half.rgb.filter((_, i) => i % 3 === 0)]).toEqual([11, 13]);
    expect([...resizePicture(half, 4, 1).rgb.filter((_, i) => i % 3 === 0)]).toEqual([11, 11, 13, 13]);
  });
});
