import type { JobKind } from '../api/answers.ts';
import type { JobBackend } from '../api/backend.ts';
import { getDataset } from '../store/datasets.ts';
import { listJobs, requireJob } from '../store/jobs.ts';
import { lastChange } from '../store/last-change.ts';
import type { JobRow } from '../store/schema.ts';
import { stopDataset } from './datasets/plan/dataset-control.ts';
import { wholeJob } from './datasets/plan/order-job.ts';
import { removeUpload } from './generators/uploads.ts';
import type { Product } from './product/product.ts';
import { inputOf } from './queue/job-kinds.ts';

/** Without housekeeping, which runs all the time, and shards, which are parts of an order. */
const LIVE_KINDS: readonly JobKind[] = [
  'seed',
  'read',
  'import',
  'train',
  'refresh',
  'validate',
  'synthesize',
  'publish',
  'export',
];

function kindsOf(kind: JobKind | undefined, housekeeping: boolean): { readonly kinds?: readonly JobKind[] } {
  if (kind !== undefined) return { kinds: [kind] };
  return housekeeping ? {} : { kinds: LIVE_KINDS };
}

/** The jobs' part of the contract. */
export function jobBackend(product: Pick<Product, 'store' | 'queues' | 'folder' | 'now'>): JobBackend {
  const { store, queues, folder } = product;
  const get = async (id: string) => wholeJob(store.db, await requireJob(store.db, id));
  const whole = (rows: readonly JobRow[]) => Promise.all(rows.map((row) => wholeJob(store.db, row)));
  return {
    list: async ({ state, kind, limit, housekeeping = true }) =>
      whole(
        await listJobs(store.db, {
          ...(state === undefined ? {} : { states: [state] }),
          ...(limit === undefined ? {} : { limit }),
          ...kindsOf(kind, housekeeping),
        }),
      ),
    async live() {
      const [rows, revision] = await Promise.all([
        listJobs(store.db, { kinds: LIVE_KINDS, states: ['queued', 'running'] }),
        lastChange(store.db),
      ]);
      return { jobs: await whole(rows), revision };
    },
    get,
    /** A job of a dataset is cancelled with the whole of it: the others are the rest of the same order. */
    async cancel(id) {
      const row = await queues.cancel(id);
      const { dataset_id: dataset } = row;
      if (row.kind === 'import') await removeUpload(folder.uploads, inputOf(row, 'import').file);
      if (dataset !== null && (await getDataset(store.db, dataset)) !== undefined)
        await stopDataset(product, dataset, 'cancelled');
      return get(id);
    },
  };
}
