import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import { LONG_TIMEOUT_MS } from '../connection/transport.ts';

/** A connected ML backend, as stored: asking this way makes Label Studio call neither /health nor /setup. */
export const ML_BACKEND = z.looseObject({
  id: z.number(),
  url: z.string(),
  title: z.string().nullish(),
  /** CO connected, DI disconnected, ER error, TR training, PR predicting; as of the last time it was asked. */
  state: z.string(),
  error_message: z.string().nullish(),
  is_interactive: z.boolean().nullish(),
  auto_update: z.boolean().nullish(),
  model_version: z.string().nullish(),
  extra_params: z.unknown().optional(),
  project: z.number(),
});

export type MlBackend = z.infer<typeof ML_BACKEND>;

const MODEL_VERSIONS = z.looseObject({
  static: z.array(z.looseObject({ model_version: z.string().nullable(), count: z.number(), latest: z.string().nullish() })),
  live: z.array(ML_BACKEND).nullable(),
});

export interface ModelVersions {
  /** Stored predictions by version, the one with the newest row first. */
  readonly predictions: readonly { readonly version: string | null; readonly count: number }[];
  /** Every ML backend row of the project, the first being the one that Label Studio asks for predictions. */
  readonly backends: readonly MlBackend[];
}

/** Which versions have predictions, and which backends are connected. Never `GET /api/ml`, which makes Label Studio call /setup again. */
export async function modelVersions(connection: Connection, project: number, signal?: AbortSignal): Promise<ModelVersions> {
  const query = { extended: true, include_live_models: true };
  const path = `/api/projects/${project}/model-versions/`;
  const answer = await connection.json(MODEL_VERSIONS, { method: 'GET', path, query, signal });
  return {
    predictions: answer.static.map(({ model_version: version, count }) => ({ version, count })),
    backends: [...(answer.live ?? [])].sort((a, b) => a.id - b.id),
  };
}

const DELETED = z.looseObject({ deleted_predictions: z.number() });

/**
 * Deletes all predictions of one version and answers how many. While `project.model_version` is that version or the title of a backend, Label
 * Studio sets it to null: call it only when it is another version.
 */
export async function deleteModelVersion(
  connection: Connection,
  project: number,
  version: string,
  signal?: AbortSignal,
): Promise<number> {
  // An empty version would delete the predictions of every version.
  if (version === '') throw new RangeError('The version to delete must not be empty.');
  const path = `/api/projects/${project}/model-versions/`;
  const body = { model_version: version };
  return (await connection.json(DELETED, { method: 'DELETE', path, body, timeout: LONG_TIMEOUT_MS, signal })).deleted_predictions;
}
