import type { OrderEstimate } from '../../../api/answers.ts';
import type { DatasetOrder } from '../../../api/requests.ts';
import { listDatasets, OPEN_STATES } from '../../../store/datasets.ts';
import { diskFree } from '../../../store/disk-free.ts';
import { storedOf } from '../../../store/shards.ts';
import { candidateCount, candidateLimit, shardsFor } from '../../../synthesis/dataset-plan.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import { partsOfAll } from '../record/dataset-parts.ts';
import { deliveryRate } from '../record/delivery-rate.ts';
import { candidatesToCome } from '../record/disk-need.ts';
import { planOrder } from './plan-order.ts';

/**
 * What an order would take, by what earlier work of this server took.
 * @throws DatasetGanError planOrder's: what the order would be refused for
 */
export async function estimateOrder(product: DatasetsContext, projectKey: string, order: DatasetOrder): Promise<OrderEstimate> {
  const { store, storage } = product;
  const { cost, options, fits, plan: planned } = await planOrder(product, projectKey, order);
  const plan = await planned(store.db);
  const { count, filter, version, psi, cutoff, seedStart } = plan;
  const { destination, formats } = options;
  // Whole shards are made, but no more candidates than the rules may try.
  const candidates = Math.min(shardsFor(plan, candidateCount(count, filter)) * plan.shardSize, candidateLimit(plan));
  const open = await listDatasets(store.db, { states: OPEN_STATES });
  const parts = await partsOfAll(
    store.db,
    open.map(({ id }) => id),
  );
  const stored = await storedOf(
    store.db,
    parts.map(({ planId }) => planId),
  );
  return {
    candidates,
    mostCandidates: candidateLimit(plan),
    seconds: {
      pairs: candidates * cost.seconds,
      project: destination === 'files' ? 0 : count / (await deliveryRate(store.db, 'publish')),
      files: formats.length === 0 ? 0 : (formats.length * count) / (await deliveryRate(store.db, 'export')),
    },
    basis: cost.basis,
    waiting: candidatesToCome(parts, stored),
    bytes: Math.round(cost.bytes * (candidates + formats.length * count)),
    bytesFree: storage.folder === null ? null : await diskFree(storage.folder),
    version,
    filter,
    psi,
    cutoff,
    seedStart,
    formats,
    fits,
  };
}
