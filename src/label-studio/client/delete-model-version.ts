import { z } from 'zod';
import type { Connection } from './connection.ts';
import { LONG } from './transport.ts';

const ANSWER = z.looseObject({ deleted_predictions: z.number() });

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
  return (await connection.json(ANSWER, { method: 'DELETE', path, body, timeout: LONG, signal })).deleted_predictions;
}
