import { type EngineContext, engineTask } from '../../engine/task.ts';
import { nearestAnnotated } from '../../interpreter/inference/nearest-annotated.ts';
import { type PredictInput, type Prediction, predict } from '../../interpreter/inference/predict.ts';
import { loadVersion } from '../../interpreter/versions/version.ts';
import type { PredictedKeypoint } from '../../keypoints/keypoint.ts';
import { countPieces, type PairMeasures, type Rules } from '../../synthesis/rules.ts';

export interface PredictPairInput extends PredictInput {
  /** Decides what is measured. */
  readonly rules?: Rules;
}

export interface PredictedPair extends Prediction {
  readonly measures: PairMeasures;
}

/** A pair, and what its plan's rules look at. */
export async function predictPair({ rules, ...input }: PredictPairInput, context: EngineContext): Promise<PredictedPair> {
  const prediction = await predict(input, context);
  const { width, height, labelMap: data, areas, keypoints } = prediction;
  const { record } = await loadVersion(input.versionFile);
  const measures: PairMeasures = {
    areas,
    ...(input.ignoreAbove === undefined ? {} : { ignored: areas.reduce((left, area) => left - area, width * height) }),
    ...(rules?.pieces === undefined ? {} : { pieces: countPieces({ width, height, data }, areas.length, rules.leastPixels) }),
    ...(rules?.nearest === undefined
      ? {}
      : { nearest: await nearestAnnotated(context, input.generator, input.image, input.versionFile) }),
    ...(record.keypoints === undefined ? {} : { keypoints: keypoints.map(rounded) }),
  };
  return { ...prediction, measures };
}
export const predictPairTask = engineTask(import.meta.url, predictPair);

/** As it is kept of each of perhaps millions of pairs: to a thousandth of a pixel, and of the score to a ten-thousandth. */
function rounded({ keypoint, x, y, score, spread }: PredictedKeypoint): PredictedKeypoint {
  const to = (value: number, parts: number) => Math.round(value * parts) / parts;
  return { keypoint, x: to(x, 1000), y: to(y, 1000), score: to(score, 10_000), spread: to(spread, 1000) };
}
