import { type EngineContext, engineTask } from '../../engine/task.ts';
import { nearestAnnotated } from '../../interpreter/inference/nearest-annotated.ts';
import { type PredictInput, type Prediction, predict } from '../../interpreter/inference/predict.ts';
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
  const { width, height, labelMap: data, areas } = prediction;
  const measures: PairMeasures = {
    areas,
    ...(input.ignoreAbove === undefined ? {} : { ignored: areas.reduce((left, area) => left - area, width * height) }),
    ...(rules?.pieces === undefined ? {} : { pieces: countPieces({ width, height, data }, areas.length, rules.leastPixels) }),
    ...(rules?.nearest === undefined
      ? {}
      : { nearest: await nearestAnnotated(context, input.generator, input.image, input.versionFile) }),
  };
  return { ...prediction, measures };
}
export const predictPairTask = engineTask(import.meta.url, predictPair);
