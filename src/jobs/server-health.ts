import { sql } from 'kysely';
import packageJson from '../../package.json' with { type: 'json' };
import type { Health, JobKind } from '../api/answers.ts';
import { thisMachine } from '../settings.ts';
import { diskFree } from '../store/disk-free.ts';
import { countJobs } from '../store/jobs.ts';
import type { Store } from '../store/store.ts';
import { listWorkers } from '../store/workers.ts';
import type { Product } from './product/product.ts';
import { OWN_RELEASE } from './server-record.ts';

/** What this server is, what it has, and what it does right now. */
export async function serverHealth({ store, settings, engine }: Pick<Product, 'store' | 'settings' | 'engine'>): Promise<Health> {
  const { db, dataDir } = store;
  const jobs = await countJobs(db);
  const workers = await listWorkers(db);
  return {
    startedAt: new Date(Date.now() - 1000 * process.uptime()).toISOString(),
    versions: {
      product: packageJson.version,
      node: process.versions.node,
      onnxRuntime: OWN_RELEASE.onnxruntime,
      database: await databaseVersion(store),
      recipe: OWN_RELEASE.recipe,
    },
    engine: {
      threads: settings.engineThreads,
      lanes: Object.entries(engine.load()).map(([name, tasks]) => ({ name, tasks })),
    },
    memory: { used: process.memoryUsage.rss(), limit: settings.memoryLimit, machine: thisMachine().memory },
    disk: { folder: dataDir, free: await diskFree(dataDir) },
    uploadLimit: settings.uploadLimit,
    jobs: jobs.map(({ kind, state, count }) => ({ kind: kind as JobKind, state, count })),
    workers: workers.map(({ id, machine, concurrency, threads, started_at: started, seen_at: seen }) => ({
      id,
      machine,
      concurrency,
      threads,
      startedAt: started.toISOString(),
      seenAt: seen.toISOString(),
    })),
  };
}

/** `PostgreSQL 16.4`, or that it is the embedded one. */
async function databaseVersion({ db, engine }: Pick<Store, 'db' | 'engine'>): Promise<string> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(db);
  const name = engine.kind === 'embedded' ? 'PGlite, PostgreSQL' : 'PostgreSQL';
  return `${name} ${rows[0]?.version ?? ''}`.trim();
}
