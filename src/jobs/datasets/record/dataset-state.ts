import { sql, type Transaction } from 'kysely';
import type { JobKind } from '../../../api/answers.ts';
import { lockDataset, OPEN_STATES } from '../../../store/datasets.ts';
import type { Database, DatasetState } from '../../../store/schema.ts';
import type { JobEnd } from '../../queue/delivery.ts';
import type { Asked } from '../../queue/enqueue.ts';

/** Jobs that a dataset consists of. Its shards are the business of `synthesize`. */
export const DATASET_WORK = ['synthesize', 'publish', 'export'] as const satisfies readonly JobKind[];

export const isOpen = (state: DatasetState): boolean => OPEN_STATES.some((open) => open === state);

/**
 * A dataset is what its jobs are: failed or cancelled with the first of them that is, complete when the last one is. Label Studio is told
 * a moment later, when a push that is stopped has stopped.
 */
export async function followJobEnd(trx: Transaction<Database>, { kind, datasetId, state }: JobEnd): Promise<readonly Asked[]> {
  if (datasetId === null || !DATASET_WORK.some((work) => work === kind)) return [];
  // Of two jobs that end at once, the second waits here and then sees the first as ended.
  const dataset = await lockDataset(trx, datasetId);
  if (dataset === undefined || !isOpen(dataset.state)) return [];
  if (state === 'completed') {
    const more = await trx
      .selectFrom('jobs')
      .select('id')
      .where('dataset_id', '=', datasetId)
      .where('kind', 'in', [...DATASET_WORK])
      .where('state', 'in', ['queued', 'running'])
      .executeTakeFirst();
    if (more !== undefined) return [];
  }
  await trx.updateTable('datasets').set({ state, finished_at: sql`now()` }).where('id', '=', datasetId).execute();
  return [{ kind: 'describe', input: { projectKey: dataset.project_key, datasetId }, startAfter: 1 }];
}
