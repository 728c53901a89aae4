import { engineTask } from '../../engine/task.ts';
import { encodeIndexPng } from '../../masks/png/png.ts';

/** Grey levels of a nat. The divergence of ten classifiers is at most ln 10 = 2.3 nats. */
const LEVELS_A_NAT = 100;

export interface PredictionMaps {
  readonly width: number;
  readonly height: number;
  readonly labelMap: Uint8Array;
  /** Jensen-Shannon divergence of each pixel, in nats. */
  readonly jsMap: Float32Array;
}

export interface EncodedPrediction {
  /** Index PNG. */
  readonly mask: Uint8Array;
  /** Grey PNG of the divergence in hundredths of a nat; 255 is 2.55 nats or more. */
  readonly uncertainty: Uint8Array;
}

/** What a prediction says of each pixel, as pictures. */
export async function encodePrediction({ width, height, labelMap, jsMap }: PredictionMaps): Promise<EncodedPrediction> {
  const grey = Uint8Array.from(jsMap, (divergence) => Math.min(255, Math.round(LEVELS_A_NAT * divergence)));
  const [mask, uncertainty] = await Promise.all([
    encodeIndexPng({ width, height, data: labelMap }),
    encodeIndexPng({ width, height, data: grey }),
  ]);
  return { mask, uncertainty };
}
export const encodePredictionTask = engineTask(import.meta.url, encodePrediction);
