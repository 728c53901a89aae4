import type { JobKind } from '../api/answers.ts';
import type { ServerBackend } from '../api/backend.ts';
import { toError } from '../errors.ts';
import { countJobs } from '../store/jobs.ts';
import { backupState } from './backup-state.ts';
import type { Product } from './product/product.ts';

/** What can be asked of this process itself. */
export function serverBackend(product: Pick<Product, 'settings' | 'store' | 'engine'>): ServerBackend {
  const { store, engine } = product;
  return {
    backup: () => backupState(product),
    async unready() {
      try {
        await store.ping();
        return undefined;
      } catch (error) {
        return toError(error);
      }
    },
    async load() {
      const jobs = await countJobs(store.db);
      return { jobs: jobs.map(({ kind, state, count }) => ({ kind: kind as JobKind, state, count })), engine: engine.load() };
    },
  };
}
