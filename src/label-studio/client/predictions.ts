import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import type { Connection } from '../connection/connection.ts';
import { orGone } from '../connection/or-gone.ts';
import { LONG_TIMEOUT_MS } from '../connection/transport.ts';

/** A stored prediction row. Several rows of one version for one task are possible: Label Studio keeps whatever it is sent. */
const PREDICTION = z.looseObject({
  id: z.number(),
  task: z.number(),
  /** Regions of any form: Label Studio stores whatever was sent. What is not a list counts as none. */
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
  if (!Number.isFinite(score)) throw new RangeError(`A prediction's score must be a finite number, but it is ${score}.`);
  const head = JSON.stringify({ ...(task === undefined ? {} : { task }), model_version: modelVersion, score });
  return `${head.slice(0, -1)},"result":${resultJson}}`;
}

/** @throws DatasetGanError `label-studio-gone` */
export function getPrediction(connection: Connection, id: number, signal?: AbortSignal): Promise<Prediction> {
  return connection.json(PREDICTION, { method: 'GET', path: `/api/predictions/${id}/`, signal });
}

/** All predictions of one task, regions included (Label Studio cannot leave them out). For whole projects filter tasks with `predictedBy`. */
export function listPredictions(connection: Connection, task: number, signal?: AbortSignal): Promise<Prediction[]> {
  return connection.json(z.array(PREDICTION), { method: 'GET', path: '/api/predictions/', query: { task }, signal });
}

const CREATED = z.looseObject({ created: z.number() });

/**
 * Stores predictions of one project in bulk; keep a call at about 30 MB. Not idempotent: sent twice they are there twice.
 * @throws DatasetGanError `label-studio-error` also when Label Studio stored fewer than it was sent: it drops what does not fit the label
 * config and says so only in its own log. A task that is gone fails all of them (400).
 */
export async function importPredictions(
  connection: Connection,
  project: number,
  predictions: readonly TaskPrediction[],
  signal?: AbortSignal,
): Promise<void> {
  if (predictions.length === 0) return;
  const body = `[${predictions.map(predictionJson).join(',')}]`;
  const path = `/api/projects/${project}/import/predictions`;
  const { created } = await connection.json(CREATED, { method: 'POST', path, body, timeout: LONG_TIMEOUT_MS, signal });
  if (created === predictions.length) return;
  throw new DatasetGanError(
    'label-studio-error',
    `Label Studio at ${connection.base} stored ${created} of ${predictions.length} predictions in project ${project}.`,
    { fix: "Check whether the project's labels were renamed. The log of Label Studio names the predictions that it dropped." },
  );
}

/** Changes nothing but the score, 0 … 1. A prediction that is gone stays gone. */
export function patchScore(connection: Connection, id: number, score: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'PATCH', path: `/api/predictions/${id}/`, body: { score }, signal }));
}

export function deletePrediction(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'DELETE', path: `/api/predictions/${id}/`, signal }));
}
