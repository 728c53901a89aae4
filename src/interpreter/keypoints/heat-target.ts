import type { Point } from '../../keypoints/keypoint.ts';
import { KEYPOINTS } from '../recipe.ts';

/** Size of a label map. */
export interface LabelSize {
  readonly width: number;
  readonly height: number;
}

/** σ of the heat around a point, in pixels of the label map: a share of its longer side. */
export function heatSigma({ width, height }: LabelSize): number {
  return KEYPOINTS.sigma * Math.max(width, height);
}

/** Heat of pixel `index` (y·width + x, its centre half a pixel further) for a keypoint: exp(-d²/2σ²), d the distance to the point. */
export function heatAt(index: number, width: number, point: Point, sigma: number): number {
  const x = (index % width) + 0.5 - point.x;
  const y = Math.floor(index / width) + 0.5 - point.y;
  return Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
}
