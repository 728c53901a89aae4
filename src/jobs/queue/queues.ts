import { type Kysely, sql, type Transaction } from 'kysely';
import { fromKysely, type JobWithMetadata } from 'pg-boss';
import type { JobKind } from '../../api/answers.ts';
import { DatasetGanError } from '../../errors.ts';
import { requireDiskFree } from '../../store/disk-free.ts';
import { deleteEndedJobs, type JobFilter, listJobs, requireJob } from '../../store/jobs.ts';
import { json } from '../../store/rows.ts';
import type { Database, JobRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { createQueues, makeBoss } from './boss.ts';
import { type JobEnd, type JobHandler, JobRun, type JobTools } from './delivery.ts';
import { type Asked, enqueueWithin, type Turn } from './enqueue.ts';
import type { JobInputs } from './job-kinds.ts';
import { recoverJobs } from './recover.ts';

export interface QueueOptions {
  /** Whether this process runs jobs (default) or only asks for them. */
  readonly workers?: boolean;
  /** Whether this process makes the queues and keeps them tidy (default), or joins one that does. */
  readonly owner?: boolean;
  /** Milliseconds, for rates. */
  readonly now?: () => number;
  /** What follows from the end of a job: records it changes, jobs to ask for. All of it commits together with the end. */
  readonly ended?: (trx: Transaction<Database>, job: JobEnd) => Promise<readonly Asked[]>;
  /** Told what goes wrong in the queue itself (not in jobs), for the log. */
  readonly onError?: (error: Error) => void;
}

export interface EnqueueOptions extends Turn {
  /** The job exists only if this transaction commits. */
  readonly db?: Transaction<Database>;
  /** It makes room, or needs none: asked for on a full disk, too. */
  readonly evenIfFull?: boolean;
}

/** New jobs notify the workers; polling finds those that start later. The heartbeat is how a cancelled job learns of it. */
const POLLING = {
  batchSize: 1,
  includeMetadata: true,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 1,
  heartbeatRefreshSeconds: 1,
} as const;

/** Kinds that run all the time, or by the thousand: their ended jobs are not worth keeping. */
const HOUSEKEEPING = ['connect', 'reconcile', 'orders', 'shard', 'describe'] as const satisfies readonly JobKind[];
const KEEP_HOUSEKEEPING_MS = 3_600_000;
const PRUNE_INTERVAL_MS = 600_000;

/** Opens the job queues on the store's database, and puts back what a process that died has left running. */
export async function openQueues(store: Store, options: QueueOptions = {}): Promise<Queues> {
  const onError = options.onError ?? (() => undefined);
  const { owner = true } = options;
  const boss = makeBoss(store.engine, options.workers ?? true, onError, owner);
  try {
    await boss.start();
    if (owner) await createQueues(boss, store.engine);
    if (store.engine.kind === 'embedded') await recoverJobs(store.db, boss);
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
  const prune = () => deleteEndedJobs(store.db, HOUSEKEEPING, new Date(Date.now() - KEEP_HOUSEKEEPING_MS)).catch(onError);
  if (owner) await prune();
  const pruning = owner ? setInterval(prune, PRUNE_INTERVAL_MS).unref() : undefined;
  const ended = async (trx: Transaction<Database>, job: JobEnd) => {
    for (const asked of (await options.ended?.(trx, job)) ?? []) await enqueueWithin(trx, boss, asked.kind, asked.input, asked);
  };
  return new Queues(store, pruning, { db: store.db, boss, now: options.now ?? Date.now, onError, ended });
}

/** Jobs: asked for, run, cancelled, put back. `store/jobs.ts` reads their rows. */
export class Queues {
  readonly #store: Store;
  readonly #tools: JobTools;
  readonly #pruning: NodeJS.Timeout | undefined;
  readonly #runs = new Map<Pick<JobRun<JobKind>, 'id' | 'kind' | 'key' | 'datasetId' | 'abort' | 'putBack'>, Promise<void>>();
  readonly #kinds = new Set<JobKind>();
  #stopping = false;

  constructor(store: Store, pruning: NodeJS.Timeout | undefined, tools: JobTools) {
    this.#store = store;
    this.#pruning = pruning;
    this.#tools = tools;
  }

  /**
   * Asks for a job and gives its id. Where the newest of a key wins, a waiting job takes over the input and keeps its id.
   * @throws DatasetGanError `disk-full` when the disk has no room for new work, `shutting-down`
   */
  async enqueue<K extends JobKind>(kind: K, input: JobInputs[K], options: EnqueueOptions = {}): Promise<string> {
    if (this.#stopping) throw shuttingDown();
    if (options.evenIfFull !== true) await requireDiskFree(this.#store.dataDir);
    const within = (trx: Transaction<Database>) => enqueueWithin(trx, this.#tools.boss, kind, input, options);
    return await (options.db === undefined ? this.#store.db.transaction().execute(within) : within(options.db));
  }

  /** Starts running jobs of that kind in this process, `concurrency` at a time (default 1). */
  async work<K extends JobKind>(kind: K, handler: JobHandler<K>, { concurrency = 1 } = {}): Promise<void> {
    this.#kinds.add(kind);
    for (let lane = 0; lane < concurrency; lane++) {
      const worker: string = await this.#tools.boss.work(kind, POLLING, async (jobs: JobWithMetadata[]) => {
        for (const job of jobs) await this.#deliver(new JobRun(this.#tools, kind, job), handler);
        // Look for the next job now, not at the next poll.
        this.#tools.boss.notifyWorker(worker);
      });
    }
  }

  async #deliver<K extends JobKind>(run: JobRun<K>, handler: JobHandler<K>): Promise<void> {
    if (this.#stopping) return await run.putBack();
    // To the queue a cancelled job has ended, but its handler may still be stopping.
    const before = [...this.#runs].filter(([other]) => other.kind === run.kind && other.key === run.key).map(([, done]) => done);
    const done = Promise.allSettled(before).then(() => run.run(handler));
    this.#runs.set(run, done);
    try {
      await done;
    } finally {
      this.#runs.delete(run);
    }
  }

  /**
   * Cancels a job: at once when it waits, within about a second when it runs (in whichever process). A job that has ended stays as it is.
   * @throws DatasetGanError `unknown-job`
   */
  async cancel(id: string): Promise<JobRow> {
    await requireJob(this.#store.db, id);
    await this.#store.db.transaction().execute(async (trx) => {
      const row = await cancelRow(trx, id);
      if (row === undefined) return;
      await this.#tools.boss.cancel(row.kind, id, { db: fromKysely(trx) });
      await this.#tools.ended(trx, { kind: row.kind as JobKind, datasetId: row.dataset_id, state: 'cancelled' });
    });
    const row = await requireJob(this.#store.db, id);
    if (row.state === 'cancelled') {
      for (const run of this.#runs.keys()) if (run.id === id) run.abort(cancelled());
    }
    return row;
  }

  /** Cancels all jobs that match and have not ended. */
  async cancelAll(filter: Pick<JobFilter, 'projectKey' | 'datasetId' | 'kinds'>): Promise<void> {
    const rows = await listJobs(this.#store.db, { ...filter, states: ['queued', 'running'], limit: 100_000 });
    for (const { id } of rows) await this.cancel(id);
  }

  /** Waits until handlers in this process that run a job of the dataset, cancelled ones too, have returned. */
  async settled({ datasetId }: { readonly datasetId: string }): Promise<void> {
    const runs = [...this.#runs].filter(([run]) => run.datasetId === datasetId).map(([, done]) => done);
    await Promise.allSettled(runs);
  }

  /**
   * Stops taking jobs, gives those that run `finish` milliseconds to end, asks the others to stop and puts them back into the queue. A handler
   * that has not stopped after `patience` milliseconds more is left alone; its job is put back all the same.
   */
  async stop({ finish = 0, patience = 15_000 } = {}): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    clearInterval(this.#pruning);
    for (const kind of this.#kinds) await this.#tools.boss.offWork(kind, { wait: false });
    if (finish > 0) await Promise.race([Promise.allSettled(this.#runs.values()), sleep(finish)]);
    for (const run of this.#runs.keys()) run.abort(shuttingDown());
    await Promise.race([Promise.allSettled(this.#runs.values()), sleep(patience)]);
    for (const run of this.#runs.keys()) await run.putBack().catch(this.#tools.onError);
    await this.#tools.boss.stop({ graceful: false });
  }
}

async function cancelRow(trx: Kysely<Database>, id: string): Promise<JobRow | undefined> {
  return await trx
    .updateTable('jobs')
    .set({
      state: 'cancelled',
      error: json(cancelled().toBody().error),
      eta: null,
      phase: null,
      finished_at: sql`now()`,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .returningAll()
    .executeTakeFirst();
}

function cancelled(): DatasetGanError {
  return new DatasetGanError('cancelled', 'The job was cancelled.');
}

function shuttingDown(): DatasetGanError {
  return new DatasetGanError('shutting-down', 'The server is stopping.', { fix: 'Try again when the server has started.' });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
