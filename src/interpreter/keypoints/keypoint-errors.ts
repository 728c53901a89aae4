import type { MarkedKeypoints, Point } from '../../keypoints/keypoint.ts';
import type { LabelSize } from './heat-target.ts';
import type { TrainingPeak } from './training-peaks.ts';

/** A keypoint is found when it is no further from where it is marked than this share of the label map's longer side. */
export const FOUND_WITHIN = 0.05;

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** The centre of a pixel, by its flat position. */
export const pixelCentre = (pixel: number, width: number): Point => ({
  x: (pixel % width) + 0.5,
  y: Math.floor(pixel / width) + 0.5,
});

/** Share of the marked points whose warmest training pixel is within 5 % of the longer side. */
export function foundShare(
  pictures: readonly { readonly points: MarkedKeypoints; readonly peaks: readonly TrainingPeak[] }[],
  { width, height }: LabelSize,
): number {
  const errors = pictures.flatMap(({ points, peaks }) =>
    points.flatMap((point, k) => (point === null ? [] : [distance(pixelCentre(peaks[k]!.pixel, width), point)])),
  );
  return errors.filter((error) => error <= FOUND_WITHIN * Math.max(width, height)).length / errors.length;
}
