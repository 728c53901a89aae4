import type { Connection } from './connection.ts';
import { orGone } from './or-gone.ts';

export function deletePrediction(connection: Connection, id: number, signal?: AbortSignal): Promise<void> {
  return orGone(connection.done({ method: 'DELETE', path: `/api/predictions/${id}/`, signal }));
}
