import type { PredictedKeypoint } from '../../keypoints/keypoint.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { keypointId, type PredictedRegion, type RegionOptions } from './region.ts';

/** Radius of a point as the editor draws it, in per cent of the picture's longer side: 3 px where that takes 500 on the screen. */
const RADIUS_PERCENT = 0.6;

/**
 * The regions of predicted keypoints: one point for each. The editor draws no point without a `width`, though Label Studio's own schema does not know it.
 * @param map size of the label map that the points are in, in pixels
 */
export function regionsOfKeypoints(
  config: LabelConfig,
  keypoints: readonly PredictedKeypoint[],
  map: { readonly width: number; readonly height: number },
  { width = map.width, height = map.height, version }: RegionOptions,
): PredictedRegion[] {
  return keypoints
    .filter(({ keypoint }) => config.keypointControls[keypoint] !== undefined)
    .map(({ keypoint, x, y, score }) => ({
      id: keypointId(version, keypoint),
      from_name: config.keypointControls[keypoint]!,
      to_name: config.imageName,
      type: 'keypointlabels' as const,
      origin: 'prediction' as const,
      score: Math.round(score * 1000) / 1000,
      original_width: width,
      original_height: height,
      image_rotation: 0 as const,
      value: {
        x: percent(x, map.width),
        y: percent(y, map.height),
        width: RADIUS_PERCENT * Math.max(1, height / width),
        keypointlabels: [config.keypoints[keypoint]!] as const,
      },
    }));
}

/** To three decimals: a hundredth of a pixel in a picture of 1,000. */
const percent = (pixels: number, of: number) => Math.round((pixels / of) * 100_000) / 1000;
