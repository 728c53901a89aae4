import type { JobKind } from '../api/answers.ts';
import type { ServerBackend } from '../api/backend.ts';
import { toError } from '../errors.ts';
import { diskFree } from '../store/disk-free.ts';
import { countJobs, waitingSeconds } from '../store/jobs.ts';
import { storedPairs } from '../store/shards.ts';
import { listWorkers } from '../store/workers.ts';
import { backupState } from './backup-state.ts';
import type { Product } from './product/product.ts';
import { serverFindings } from './server-findings.ts';
import { serverHealth } from './server-health.ts';

/** What can be asked of this process itself. */
export function serverBackend(product: Pick<Product, 'settings' | 'store' | 'engine' | 'jobTimes'>): ServerBackend {
  const { store, engine, settings, jobTimes } = product;
  const { db, dataDir } = store;
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
      const [jobs, waiting, workers] = [await countJobs(db), await waitingSeconds(db), await listWorkers(db)];
      return {
        jobs: jobs.map(({ kind, state, count }) => ({ kind: kind as JobKind, state, count })),
        waiting: waiting.map(({ kind, seconds }) => ({ kind: kind as JobKind, seconds })),
        engine: engine.load(),
        pairs: await storedPairs(db),
        workers: workers.length,
        memoryLimit: settings.memoryLimit,
        diskFree: await diskFree(dataDir),
      };
    },
    watchJobs: (tell) => jobTimes.watch(tell),
    health: () => serverHealth(product),
    findings: (own, signal) => serverFindings(product, own, signal),
  };
}
