import { createHash } from 'node:crypto';
import { engineTask } from '../../engine/task.ts';
import type { PredictedKeypoint } from '../../keypoints/keypoint.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { regionsOfPrediction } from '../../label-studio/regions/regions-of-prediction.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { decodeIndexPng } from '../../masks/png/png.ts';

export interface PredictedRegionsInput {
  readonly config: LabelConfig;
  readonly version: string;
  /** A label map, or its index PNG. */
  readonly map: LabelMap | Uint8Array;
  /** In pixels of the label map. */
  readonly keypoints: readonly PredictedKeypoint[];
  /** Size of the picture that Label Studio shows. */
  readonly width: number;
  readonly height: number;
}

export interface PredictedRegions {
  /** The regions as JSON text, ready to be sent. */
  readonly resultJson: string;
  /** Of the label map's bytes, hex. */
  readonly maskSha256: string;
}

/** Label map and keypoints → regions of a prediction, as JSON. */
export async function predictedRegions({
  config,
  version,
  map,
  keypoints,
  width,
  height,
}: PredictedRegionsInput): Promise<PredictedRegions> {
  const labelMap = map instanceof Uint8Array ? await decodeIndexPng(map) : map;
  return {
    resultJson: JSON.stringify(regionsOfPrediction(config, labelMap, keypoints, { version, width, height })),
    maskSha256: createHash('sha256').update(labelMap.data).digest('hex'),
  };
}
export const predictedRegionsTask = engineTask(import.meta.url, predictedRegions);
