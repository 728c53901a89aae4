import type { Connection } from './connection.ts';
import { PREDICTION, type Prediction } from './prediction.ts';

/** @throws DatasetGanError `label-studio-gone` */
export function getPrediction(connection: Connection, id: number, signal?: AbortSignal): Promise<Prediction> {
  return connection.json(PREDICTION, { method: 'GET', path: `/api/predictions/${id}/`, signal });
}
