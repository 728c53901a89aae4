import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import type { Connection } from './connection.ts';
import { predictionJson, type TaskPrediction } from './prediction.ts';
import { LONG } from './transport.ts';

const ANSWER = z.looseObject({ created: z.number() });

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
  const { created } = await connection.json(ANSWER, { method: 'POST', path, body, timeout: LONG, signal });
  if (created === predictions.length) return;
  throw new DatasetGanError(
    'label-studio-error',
    `Label Studio at ${connection.base} stored ${created} of ${predictions.length} predictions in project ${project}.`,
    { fix: "Look whether the project's labels were renamed; its server log names the predictions it dropped." },
  );
}
