import { z } from 'zod';

/** A stored prediction row. Several rows of one version for one task are possible: Label Studio keeps whatever it is sent. */
export const PREDICTION = z.looseObject({
  id: z.number(),
  task: z.number(),
  /** Regions of any form: Label Studio stores whatever was sent. What is no list counts as none. */
  result: z.array(z.unknown()).catch([]),
  model_version: z.string().nullish(),
  score: z.number().nullish(),
  created_at: z.string(),
});

export type Prediction = z.infer<typeof PREDICTION>;

/** A prediction to push. Its regions are JSON text already: made where the mask was encoded, in a worker thread. */
export interface PredictionDraft {
  readonly modelVersion: string;
  /** 0 … 1, low = label me first. */
  readonly score: number;
  readonly resultJson: string;
}

export interface TaskPrediction extends PredictionDraft {
  readonly task: number;
}

export function predictionJson(prediction: PredictionDraft & { readonly task?: number }): string {
  const { task, modelVersion, score, resultJson } = prediction;
  // Label Studio's parser takes no NaN, and its tests sort by the number.
  if (!Number.isFinite(score)) throw new RangeError(`A prediction's score must be a finite number, it is ${score}.`);
  const head = JSON.stringify({ ...(task === undefined ? {} : { task }), model_version: modelVersion, score });
  return `${head.slice(0, -1)},"result":${resultJson}}`;
}
