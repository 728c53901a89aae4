import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Closers } from '../closers.ts';
import { Engine, type EngineOptions } from '../engine/engine.ts';
import type { DatasetGanError } from '../errors.ts';
import { DEFAULT_SETTINGS, type TrainingSettings } from '../interpreter/recipe.ts';
import { Connections } from '../label-studio/client/connections.ts';
import type { Logger } from '../log.ts';
import type { Settings } from '../settings.ts';
import { Blobs } from '../store/objects/blobs.ts';
import { openStorage } from '../store/objects/open-storage.ts';
import { privateFolder } from '../store/private-folder.ts';
import { listProjects } from '../store/projects.ts';
import { lockServer } from '../store/server-lock.ts';
import { exitOnFatal, openStore } from '../store/store.ts';
import { getOrCreateSetting } from '../store/stored-settings.ts';
import { GeneratorLibrary } from '../stylegan/library.ts';
import { followJobEnd } from './datasets/record/dataset-state.ts';
import { DataFolder } from './product/data-folder.ts';
import { DecodedCache } from './product/decoded-cache.ts';
import { HintLimiter } from './product/hint-limiter.ts';
import type { Product } from './product/product.ts';
import { SetupCalls } from './product/setup-calls.ts';
import { fetchGenerator } from './product/shared-files.ts';
import { callbackHosts } from './projects/ensure-webhook.ts';
import { JobTimes } from './queue/job-times.ts';
import { openQueues } from './queue/queues.ts';
import { recordServer, requireServer } from './server-record.ts';

export const BUNDLED_GENERATORS = fileURLToPath(new URL('../../model-assets', import.meta.url));

export interface ProductOptions {
  /** The embedded database stopped by itself, or another server has taken the PostgreSQL; the process should end. */
  readonly onFatal?: (error: DatasetGanError) => void;
  readonly now?: () => number;
  /** Another engine than the usual one, such as one that a test slows down or holds back. */
  readonly makeEngine?: (options: EngineOptions) => Engine;
  /** Milliseconds that another server of the same PostgreSQL has to end. */
  readonly patience?: number;
  /** How versions are trained; the recipe's own way when left out. */
  readonly training?: TrainingSettings;
}

export interface Opened {
  readonly product: Product;
  /** Puts running jobs back into the queue, those that do not end within `finish` milliseconds (default 0), then closes engine and database. */
  close(how?: { readonly finish?: number }): Promise<void>;
}

/** Longer than it takes a PostgreSQL to notice that a server's machine is gone. */
const LOCK_TIMEOUT_MS = 20_000;

/**
 * Opens everything that jobs work with, and runs none yet. A `server` brings the tables up to date and says what it is; a `worker` joins it and
 * refuses what does not fit.
 * @throws DatasetGanError `data-folder-locked`, `database-in-use`, `database-down`, `storage-down`, `disk-full`, `bad-settings`; requireServer's for a worker
 */
export async function openProduct(
  settings: Settings,
  log: Logger,
  role: 'server' | 'worker',
  options: ProductOptions = {},
): Promise<Opened> {
  const { onFatal, now = Date.now, training = DEFAULT_SETTINGS, makeEngine = (wanted) => new Engine(wanted) } = options;
  const opened = new Closers();
  try {
    for (const path of privateFolder(settings.dataDir))
      log.warn({ path }, 'other users of this machine could read it; it is closed to them now');
    const storage = await openStorage(settings);
    // Before the tables are brought up to date: the other server may be of an earlier release.
    if (role === 'server') opened.add(await onlyServer(settings, log, options));
    const store = await openStore({
      dataDir: settings.dataDir,
      migrate: role === 'server',
      // Workers may be many, and PostgreSQL allows a hundred connections unless told otherwise.
      ...(role === 'worker' ? { connections: 4 } : {}),
      databaseUrl: settings.databaseUrl ?? undefined,
      onFatal,
      onError: (error) => log.warn({ err: error }, 'a database connection failed'),
    });
    opened.add(() => store.close());
    await (role === 'server' ? recordServer : requireServer)(store.db, storage);
    const folder = new DataFolder(settings.dataDir);
    const engine = makeEngine({ threads: settings.engineThreads, memoryLimit: settings.memoryLimit });
    opened.add(() => engine.close());
    const queues = await openQueues(store, {
      ended: followJobEnd,
      owner: role === 'server',
      onError: (error) => log.warn({ err: error }, 'the job queue had an error'),
    });
    opened.add(() => queues.stop());
    const product: Product = {
      settings,
      log,
      store,
      storage,
      blobs: new Blobs(storage),
      queues,
      jobTimes: new JobTimes(),
      engine,
      folder,
      training,
      now,
      generators: new GeneratorLibrary([BUNDLED_GENERATORS, folder.generators], {
        fetch: (id) => fetchGenerator(product, id),
        spare: folder.besideGenerators,
      }),
      connections: new Connections({ labelStudios: settings.labelStudios }),
      verifiedConnections: new Map(),
      setupCalls: new SetupCalls(),
      callbackHosts: new Set((await listProjects(store.db)).flatMap(callbackHosts)),
      decoded: new DecodedCache(),
      hints: new HintLimiter(),
      serverId: await getOrCreateSetting(store.db, 'server-id', z.string(), () => randomUUID()),
      webhookSecret: await getOrCreateSetting(store.db, 'webhook-secret', z.string(), () => randomBytes(20).toString('hex')),
      linkSecret: await getOrCreateSetting(store.db, 'link-secret', z.string(), () => randomBytes(32).toString('hex')),
    };
    const close: Opened['close'] = async (how) => {
      try {
        await queues.stop(how);
      } finally {
        await opened.close();
      }
    };
    return { product, close };
  } catch (error) {
    return await opened.closeAfter(error);
  }
}

/** The embedded database has the lock of its folder. Gives the function that lets others in. */
async function onlyServer(
  { databaseUrl }: Settings,
  log: Logger,
  { patience = LOCK_TIMEOUT_MS, onFatal = exitOnFatal }: ProductOptions,
): Promise<() => Promise<void>> {
  if (databaseUrl === null) return async () => undefined;
  return await lockServer({
    databaseUrl,
    patience,
    onWait: (error) => log.warn({ err: error }, 'waiting for the other server to end'),
    onLost: onFatal,
  });
}
