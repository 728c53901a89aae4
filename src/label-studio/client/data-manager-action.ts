import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';
import { LONG_TIMEOUT_MS } from '../connection/transport.ts';

const ANSWER = z.looseObject({ processed_items: z.number().optional(), detail: z.string().optional() });

export type DataManagerAction =
  | 'retrieve_tasks_predictions'
  | 'predictions_to_annotations'
  | 'delete_tasks'
  | 'delete_tasks_annotations'
  | 'delete_tasks_predictions';

/** Runs one of the Data Manager's actions on these tasks, or on all of the project. */
export function dataManagerAction(
  connection: Connection,
  project: number,
  action: DataManagerAction,
  tasks: readonly number[] | 'all',
  signal?: AbortSignal,
): Promise<z.infer<typeof ANSWER>> {
  const selectedItems = tasks === 'all' ? { all: true, excluded: [] } : { all: false, included: tasks };
  const query = { id: action, project };
  return connection.json(ANSWER, {
    method: 'POST',
    path: '/api/dm/actions',
    query,
    body: { selectedItems },
    timeout: LONG_TIMEOUT_MS,
    signal,
  });
}
