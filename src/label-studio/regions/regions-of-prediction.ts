import type { PredictedKeypoint } from '../../keypoints/keypoint.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import type { PredictedRegion, RegionOptions } from './region.ts';
import { regionsOfKeypoints } from './regions-of-keypoints.ts';
import { regionsOfLabelMap } from './regions-of-label-map.ts';

/** The regions of a prediction: its masks, then its points, so that the editor draws these on top. */
export const regionsOfPrediction = (
  config: LabelConfig,
  map: LabelMap,
  keypoints: readonly PredictedKeypoint[],
  options: RegionOptions,
): PredictedRegion[] => [...regionsOfLabelMap(config, map, options), ...regionsOfKeypoints(config, keypoints, map, options)];
