import { z } from 'zod';
import type { Connection } from './connection.ts';
import { PREDICTION, type Prediction } from './prediction.ts';

/** All predictions of one task, regions included (Label Studio cannot leave them out). For whole projects filter tasks with `predictedBy`. */
export function listPredictions(connection: Connection, task: number, signal?: AbortSignal): Promise<Prediction[]> {
  return connection.json(z.array(PREDICTION), { method: 'GET', path: '/api/predictions/', query: { task }, signal });
}
