import type { Point, PredictedKeypoint } from '../../keypoints/keypoint.ts';
import type { LabelSize } from '../keypoints/heat-target.ts';
import { peakOf } from '../keypoints/peak.ts';
import type { TrainedKeypoints } from '../versions/version.ts';
import { shownPart } from './shown-part.ts';
import { type Tiling, untile } from './tiles.ts';

/** The keypoint outputs of `inferenceGraph`. */
export interface HeatTiles {
  /** [tiles, K, pixels of a tile] */
  readonly heat: Float32Array;
  /** [tiles, E, K] */
  readonly peaks: Float32Array;
  /** [tiles, E, K] */
  readonly at: BigInt64Array;
}

export interface SeenKeypoints {
  /** Those that the picture shows, by index. */
  readonly keypoints: readonly PredictedKeypoint[];
  /** Of all that can be seen or absent, 0 … 1: mean over the trained keypoints of the score, or of how far an absent one is below its threshold. */
  readonly certainty: number;
}

/** Pixels on each side of the warmest that its place is fitted through: about half of σ. */
export const reachOf = (sigma: number): number => Math.max(1, Math.round(sigma / 2));

/**
 * What a picture's heat shows. A keypoint is there when its peak in the mean heat reaches its threshold. Its score is
 *
 *     min(1, height) · exp(-spread² / 2(2σ)²)
 *
 * the peak's height, less the more the members' own peaks disagree: spread is their root mean square distance from their mean.
 * @param size of the label map
 * @param shown pixels of it from the top left that show the picture: no keypoint is in the padding
 */
export function seenKeypoints(
  tiles: HeatTiles,
  tiling: Tiling,
  size: LabelSize,
  shown: LabelSize,
  trained: TrainedKeypoints,
): SeenKeypoints {
  const { annotatedKeypoints, thresholds, sigma, shape } = trained;
  const keypoints: PredictedKeypoint[] = [];
  let certainty = 0;
  for (const k of annotatedKeypoints) {
    const heat = shownPart(heatOf(tiles, tiling, size, k, shape.classes), size.width, shown);
    const { x, y, height } = peakOf(heat, shown, reachOf(sigma));
    const threshold = thresholds[k]!;
    if (height < threshold) {
      certainty += Math.min(1, 1 - height / threshold);
      continue;
    }
    const spread = spreadOf(memberPeaks(tiles, tiling, shown, k, shape));
    const score = Math.min(1, height) * Math.exp(-(spread ** 2) / (2 * (2 * sigma) ** 2));
    keypoints.push({ keypoint: k, x, y, score, spread });
    certainty += score;
  }
  return { keypoints, certainty: certainty / annotatedKeypoints.length };
}

/** The mean heat of one keypoint, row-major. */
function heatOf({ heat }: HeatTiles, tiling: Tiling, { width, height }: LabelSize, k: number, keypoints: number): Float32Array {
  const pixels = tiling.width * tiling.height;
  const tiles = heat.length / pixels / keypoints;
  const own = new Float32Array(tiles * pixels);
  for (let tile = 0; tile < tiles; tile++) {
    const start = (tile * keypoints + k) * pixels;
    own.set(heat.subarray(start, start + pixels), tile * pixels);
  }
  return untile(own, tiling, new Float32Array(width * height), width);
}

/** Each member's own warmest pixel, of the tiles that show some of the picture; one beyond the picture is moved to its border. */
function memberPeaks(
  { peaks, at }: HeatTiles,
  { lefts, tops, width }: Tiling,
  shown: LabelSize,
  k: number,
  { members, classes }: TrainedKeypoints['shape'],
): Point[] {
  const left = (tile: number) => lefts[tile % lefts.length]!;
  const top = (tile: number) => tops[Math.floor(tile / lefts.length)]!;
  const tiles = [...Array(lefts.length * tops.length).keys()].filter(
    (tile) => left(tile) < shown.width && top(tile) < shown.height,
  );
  return Array.from({ length: members }, (_, member) => {
    const place = (tile: number) => (tile * members + member) * classes + k;
    const warmest = tiles.reduce((best, tile) => (peaks[place(tile)]! > peaks[place(best)]! ? tile : best));
    const pixel = Number(at[place(warmest)]!);
    return {
      x: Math.min(left(warmest) + (pixel % width), shown.width - 1) + 0.5,
      y: Math.min(top(warmest) + Math.floor(pixel / width), shown.height - 1) + 0.5,
    };
  });
}

/** Root mean square distance from the mean. */
function spreadOf(points: readonly Point[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  return Math.sqrt(mean(points.map((point) => (point.x - x) ** 2 + (point.y - y) ** 2)));
}
