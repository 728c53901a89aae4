import { expect, test } from 'vitest';
import { seenKeypoints } from '../../../../src/interpreter/inference/predicted-keypoints.ts';
import { tiling } from '../../../../src/interpreter/inference/tiles.ts';
import { heatAt } from '../../../../src/interpreter/keypoints/heat-target.ts';

// Tiles of 16 do not divide it: the last column and row overlap the ones before.
const SIZE = { width: 40, height: 36 };
const TILES = tiling({ side: 40, left: 0, top: 0, ...SIZE }, 16);
const MEMBERS = 2;
const SIGMA = 3;

type Spot = readonly [x: number, y: number, scale: number];

/** The graph's outputs for members that see each keypoint where `spots[member][keypoint]` says. */
function tilesOf(spots: readonly (readonly Spot[])[]) {
  const keypoints = spots[0]!.length;
  const places = TILES.tops.flatMap((top) => TILES.lefts.map((left) => ({ top, left })));
  const area = TILES.width * TILES.height;
  const heat = new Float32Array(places.length * keypoints * area);
  const peaks = new Float32Array(places.length * MEMBERS * keypoints);
  const at = new BigInt64Array(peaks.length);
  for (const [tile, { top, left }] of places.entries()) {
    for (let member = 0; member < MEMBERS; member++) {
      for (let k = 0; k < keypoints; k++) {
        const [x, y, scale] = spots[member]![k]!;
        const own = Array.from({ length: area }, (_, i) => {
          const pixel = (top + Math.floor(i / TILES.width)) * SIZE.width + left + (i % TILES.width);
          return scale * heatAt(pixel, SIZE.width, { x, y }, SIGMA);
        });
        for (const [i, value] of own.entries()) heat[(tile * keypoints + k) * area + i]! += value / MEMBERS;
        const place = (tile * MEMBERS + member) * keypoints + k;
        peaks[place] = Math.max(...own);
        at[place] = BigInt(own.indexOf(Math.max(...own)));
      }
    }
  }
  return { heat, peaks, at };
}

const trained = (thresholds: readonly number[], annotatedKeypoints = [...thresholds.keys()]) => ({
  names: thresholds.map((_, k) => `k${k}`),
  annotatedKeypoints,
  sigma: SIGMA,
  thresholds,
  shape: { dims: 1, members: MEMBERS, hidden: [1, 1] as const, classes: thresholds.length },
  steps: 1,
  loss: 0,
  trainingAccuracy: 1,
});

test('a keypoint is seen where the mean heat has its peak, by its index', () => {
  const spots: Spot[] = [
    [10.2, 7.7, 0.8],
    [37.6, 33.4, 0.1],
    [25.5, 20.1, 0.9],
  ];
  const { keypoints, certainty } = seenKeypoints(tilesOf([spots, spots]), TILES, SIZE, SIZE, trained([0.4, 0.2, 0.4]));
  expect(keypoints.map(({ keypoint }) => keypoint)).toEqual([0, 2]);
  expect(keypoints[0]!.x).toBeCloseTo(10.2, 1);
  expect(keypoints[0]!.y).toBeCloseTo(7.7, 1);
  expect(keypoints[1]!.x).toBeCloseTo(25.5, 1);
  expect(keypoints[0]!.spread).toBe(0);
  expect(keypoints[0]!.score).toBeCloseTo(0.8, 1);
  // The absent one is half as warm as it would have to be.
  expect(certainty).toBeCloseTo((keypoints[0]!.score + keypoints[1]!.score + 0.5) / 3, 1);
});

test('members that disagree lower the score, by how far their peaks are apart', () => {
  const { keypoints } = seenKeypoints(tilesOf([[[17.5, 15.5, 1]], [[21.5, 15.5, 1]]]), TILES, SIZE, SIZE, trained([0.2]));
  expect(keypoints[0]!.spread).toBeCloseTo(2, 12);
  expect(keypoints[0]!.x).toBeCloseTo(19.5, 1);
  const height = Math.exp(-(2 ** 2) / (2 * SIGMA ** 2));
  expect(keypoints[0]!.score).toBeCloseTo(height * Math.exp(-(2 ** 2) / (2 * (2 * SIGMA) ** 2)), 2);
});

test('what nobody annotated is neither seen nor missed', () => {
  const spots: Spot[] = [
    [10.5, 7.5, 0.9],
    [30.5, 30.5, 0.9],
  ];
  const { keypoints, certainty } = seenKeypoints(tilesOf([spots, spots]), TILES, SIZE, SIZE, trained([0.4, 1], [0]));
  expect(keypoints.map(({ keypoint }) => keypoint)).toEqual([0]);
  expect(certainty).toBe(keypoints[0]!.score);
});

test('what is warm in the padding is no keypoint, and hides none', () => {
  const shown = { width: 24, height: 36 };
  const spots: Spot[][] = [[[10.5, 7.5, 0.5]], [[36.5, 7.5, 0.9]]];
  const { keypoints } = seenKeypoints(tilesOf(spots), TILES, SIZE, shown, trained([0.2]));
  expect(keypoints).toHaveLength(1);
  expect(keypoints[0]!.x).toBeCloseTo(10.5, 1);
  expect(keypoints[0]!.y).toBeCloseTo(7.5, 1);
  // The member that is warm there counts with the border of the picture.
  expect(keypoints[0]!.spread).toBeCloseTo((23.5 - 10.5) / 2, 12);
});
