import type { JobBackend } from '../api/backend.ts';
import { getDataset } from '../store/datasets.ts';
import { requireJob } from '../store/jobs.ts';
import { stopDataset } from './datasets/plan/dataset-control.ts';
import { wholeJob } from './datasets/plan/order-job.ts';
import type { Product } from './product/product.ts';

/** The jobs' part of the contract. */
export function jobBackend(product: Pick<Product, 'store' | 'queues' | 'now'>): JobBackend {
  const { store, queues } = product;
  const get = async (id: string) => wholeJob(store.db, await requireJob(store.db, id));
  return {
    get,
    /** A job of a dataset is cancelled with the whole of it: the others are the rest of the same order. */
    async cancel(id) {
      const { dataset_id: dataset } = await queues.cancel(id);
      if (dataset !== null && (await getDataset(store.db, dataset)) !== undefined)
        await stopDataset(product, dataset, 'cancelled');
      return get(id);
    },
  };
}
