import type { KeypointData } from './keypoint-data.ts';

/** A keypoint's warmest row among those sampled of a picture. */
export interface TrainingPeak {
  readonly height: number;
  /** Its pixel's flat position. */
  readonly pixel: number;
}

/**
 * Where an ensemble sees each keypoint in picture `index`, among the pixels sampled of it; of ten pixels around a point five are.
 * @param heat [rows of the picture, keypoints]
 */
export function trainingPeaks({ starts, pixels }: KeypointData, index: number, heat: Float32Array): TrainingPeak[] {
  const start = starts[index]!;
  const rows = starts[index + 1]! - start;
  const keypoints = heat.length / rows;
  return Array.from({ length: keypoints }, (_, k) => {
    let warmest = 0;
    for (let row = 1; row < rows; row++) if (heat[row * keypoints + k]! > heat[warmest * keypoints + k]!) warmest = row;
    return { height: heat[warmest * keypoints + k]!, pixel: pixels[start + warmest]! };
  });
}
