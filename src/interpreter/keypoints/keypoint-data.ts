import { freeMemory } from '../../engine/free-memory.ts';
import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import type { FeatureCache } from '../sampling/feature-cache.ts';
import type { FeatureSampler } from '../sampling/training-data.ts';
import { emptyMatrix, fillRows, type TrainingMatrix } from '../sampling/training-matrix.ts';
import { heatAt, heatSigma, type LabelSize } from './heat-target.ts';
import { chooseKeypointPixels, type KeypointPixels } from './keypoint-pixels.ts';

/** A picture with at least one point. */
export interface KeypointPicture {
  /** Names its sampled features in the cache: 64 hex digits. */
  readonly key: string;
  readonly points: MarkedKeypoints;
}

/** Pixels to train a keypoint head on, picture after picture. */
export interface KeypointData {
  readonly matrix: TrainingMatrix;
  /** [n, keypoints]: heat of each row; 0 for a keypoint that is absent from its picture. */
  readonly targets: Float32Array;
  /** Pixels of the picture that each row stands for. */
  readonly represents: Float32Array;
  /** Flat position of each row in its picture. */
  readonly pixels: Int32Array;
  /** First row of each picture, and the number of rows at the end. */
  readonly starts: readonly number[];
}

/** The pixels of a picture, by its key and points alone. */
export function keypointPixelsOf({ key, points }: KeypointPicture, size: LabelSize, most: number, seed: number): KeypointPixels {
  const stream = [Number.parseInt(key.slice(0, 8), 16), Number.parseInt(key.slice(8, 16), 16)] as const;
  return chooseKeypointPixels(points, size, most, seed, stream);
}

/**
 * Samples every picture's pixels and features into one matrix; features once sampled come from the cache.
 * @param keypoints number of keypoints
 */
export async function collectKeypointData(options: {
  readonly pictures: readonly KeypointPicture[];
  readonly keypoints: number;
  readonly dims: number;
  readonly size: LabelSize;
  readonly pixelsPerImage: number;
  readonly seed: number;
  readonly cache: FeatureCache;
  readonly sample: FeatureSampler;
}): Promise<KeypointData> {
  const { pictures, keypoints, dims, size, pixelsPerImage, seed, cache, sample } = options;
  const chosen = pictures.map((picture) => keypointPixelsOf(picture, size, pixelsPerImage, seed));
  const starts = [0];
  for (const { pixels } of chosen) starts.push(starts.at(-1)! + pixels.length);
  const matrix = emptyMatrix(starts.at(-1)!, dims);
  const targets = new Float32Array(matrix.rows * keypoints);
  const represents = new Float32Array(matrix.rows);
  const positions = new Int32Array(matrix.rows);
  const sigma = heatSigma(size);
  for (const [index, { pixels, represents: standsFor }] of chosen.entries()) {
    const { key, points } = pictures[index]!;
    const start = starts[index]!;
    const stored = await cache.features(key, dims, pixels.length);
    const features = stored ?? (await sample(index, pixels));
    if (stored === undefined) await cache.write(key, { pixels, regions: 0 }, features);
    fillRows(matrix, start, features);
    freeMemory(features);
    matrix.images.fill(index, start, start + pixels.length);
    positions.set(pixels, start);
    represents.set(standsFor, start);
    for (const [i, pixel] of pixels.entries()) {
      for (const [k, point] of points.entries())
        if (point !== null) targets[(start + i) * keypoints + k] = heatAt(pixel, size.width, point, sigma);
    }
  }
  return { matrix, targets, represents, pixels: positions, starts };
}
