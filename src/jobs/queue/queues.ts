import { randomUUID } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { fromKysely, type JobWithMetadata } from 'pg-boss';
import { DatasetGanError } from '../../errors.ts';
import { requireDiskFree } from '../../store/disk-free.ts';
import { deleteEndedJobs, type JobFilter, listJobs, requireJob } from '../../store/jobs.ts';
import { json } from '../../store/rows.ts';
import type { Database, JobRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { createQueues, makeBoss } from './boss.ts';
import { type JobHandler, JobRun, type JobTools } from './delivery.ts';
import { JOB_KINDS, type JobInputs, type QueueKind } from './job-kinds.ts';
import { recoverJobs } from './recover.ts';

export interface QueueOptions {
  /** Whether this process runs jobs (default) or only asks for them. */
  readonly workers?: boolean;
  /** Milliseconds, for rates. */
  readonly now?: () => number;
  /** Told what goes wrong in the queue itself (not in jobs), for the log. */
  readonly onError?: (error: Error) => void;
}

export interface EnqueueOptions {
  /** Earliest start: seconds from now, or a moment. */
  readonly startAfter?: number | Date;
  /** Greater goes first within the kind. */
  readonly priority?: number;
  /** The job is asked for only if this transaction commits. */
  readonly db?: Transaction<Database>;
}

/** Workers are told of new jobs; polling is for those whose time comes later. The heartbeat is how a cancelled job learns of it. */
const POLLING = {
  batchSize: 1,
  includeMetadata: true,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 1,
  heartbeatRefreshSeconds: 1,
} as const;

/** Kinds that run all the time: their ended jobs are not worth keeping. */
const HOUSEKEEPING = ['reconcile', 'orders'] as const satisfies readonly QueueKind[];
const KEEP_HOUSEKEEPING = 3_600_000;
const PRUNE_INTERVAL = 600_000;

/** Opens the job queues on the store's database, and puts back what a process that died has left running. */
export async function openQueues(store: Store, options: QueueOptions = {}): Promise<Queues> {
  const onError = options.onError ?? (() => undefined);
  const boss = makeBoss(store.engine, options.workers ?? true, onError);
  try {
    await boss.start();
    await createQueues(boss, store.engine);
    if (store.engine.kind === 'embedded') await recoverJobs(store.db, boss);
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
  const prune = () => deleteEndedJobs(store.db, HOUSEKEEPING, new Date(Date.now() - KEEP_HOUSEKEEPING)).catch(onError);
  await prune();
  const pruning = setInterval(prune, PRUNE_INTERVAL).unref();
  return new Queues(store, pruning, { db: store.db, boss, now: options.now ?? Date.now, onError });
}

/** Jobs: asked for, run, cancelled, put back. `store/jobs.ts` reads their rows. */
export class Queues {
  readonly #store: Store;
  readonly #tools: JobTools;
  readonly #pruning: NodeJS.Timeout;
  readonly #runs = new Map<Pick<JobRun<QueueKind>, 'id' | 'kind' | 'key' | 'abort' | 'putBack'>, Promise<void>>();
  #stopping = false;

  constructor(store: Store, pruning: NodeJS.Timeout, tools: JobTools) {
    this.#store = store;
    this.#pruning = pruning;
    this.#tools = tools;
  }

  /**
   * Asks for a job and gives its id. Where the newest of a key wins, a waiting job takes over the input and keeps its id.
   * @throws DatasetGanError `disk-full` when the disk has no room for new work, `shutting-down`
   */
  async enqueue<K extends QueueKind>(kind: K, input: JobInputs[K], options: EnqueueOptions = {}): Promise<string> {
    if (this.#stopping) throw shuttingDown();
    await requireDiskFree(this.#store.dataDir);
    const within = (trx: Transaction<Database>) => this.#enqueue(trx, kind, input, options);
    return await (options.db === undefined ? this.#store.db.transaction().execute(within) : within(options.db));
  }

  async #enqueue<K extends QueueKind>(
    trx: Transaction<Database>,
    kind: K,
    input: JobInputs[K],
    options: EnqueueOptions,
  ): Promise<string> {
    const { turn, key } = JOB_KINDS[kind];
    const singletonKey = key(input);
    const { boss } = this.#tools;
    const { priority } = options;
    const common = {
      singletonKey,
      startAfter: options.startAfter ?? 0,
      db: fromKysely(trx),
      ...(priority === undefined ? {} : { priority }),
    };
    if (turn === 'newest') {
      const { id, inserted } = await upsert(() => boss.upsert(kind, null, common));
      if (inserted) await insertRow(trx, id, kind, input, singletonKey);
      else await replaceInput(trx, id, input);
      return id;
    }
    const id = randomUUID();
    await boss.send(kind, null, { ...common, id });
    await insertRow(trx, id, kind, input, singletonKey);
    return id;
  }

  /** Starts running jobs of that kind in this process, `concurrency` at a time (default 1). */
  async work<K extends QueueKind>(kind: K, handler: JobHandler<K>, { concurrency = 1 } = {}): Promise<void> {
    for (let lane = 0; lane < concurrency; lane++) {
      const worker: string = await this.#tools.boss.work(kind, POLLING, async (jobs: JobWithMetadata[]) => {
        for (const job of jobs) await this.#deliver(new JobRun(this.#tools, kind, job), handler);
        // Look for the next job now, not at the next poll.
        this.#tools.boss.notifyWorker(worker);
      });
    }
  }

  async #deliver<K extends QueueKind>(run: JobRun<K>, handler: JobHandler<K>): Promise<void> {
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
      if (row !== undefined) await this.#tools.boss.cancel(row.kind, id, { db: fromKysely(trx) });
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

  /**
   * Stops taking jobs, asks those that run to stop and puts them back into the queue. A handler that has not stopped after `patience`
   * milliseconds is left alone; its job is put back all the same.
   */
  async stop({ patience = 15_000 } = {}): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    clearInterval(this.#pruning);
    for (const run of this.#runs.keys()) run.abort(shuttingDown());
    await Promise.race([Promise.allSettled(this.#runs.values()), sleep(patience)]);
    for (const run of this.#runs.keys()) await run.putBack().catch(this.#tools.onError);
    await this.#tools.boss.stop({ graceful: false });
  }
}

/** Nothing is changed or inserted when the job that waited is taken by a worker in the very moment between the two; then once more. */
async function upsert(tryOnce: () => Promise<{ jobs: string[]; inserted: number }>): Promise<{ id: string; inserted: boolean }> {
  for (let tries = 0; tries < 5; tries++) {
    const { jobs, inserted } = await tryOnce();
    if (jobs[0] !== undefined) return { id: jobs[0], inserted: inserted > 0 };
  }
  throw new DatasetGanError('internal', 'The job could not be queued.', { fix: 'Try again.' });
}

async function insertRow(trx: Transaction<Database>, id: string, kind: string, input: object, key: string): Promise<void> {
  const { projectKey, datasetId } = input as { projectKey?: string; datasetId?: string };
  await trx
    .insertInto('jobs')
    .values({
      id,
      kind,
      input: json(input),
      singleton_key: key,
      project_key: projectKey ?? null,
      dataset_id: datasetId ?? null,
    })
    .execute();
}

async function replaceInput(trx: Transaction<Database>, id: string, input: object): Promise<void> {
  await trx
    .updateTable('jobs')
    .set({ input: json(input), error: null, failures: 0, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

async function cancelRow(trx: Kysely<Database>, id: string): Promise<JobRow | undefined> {
  return await trx
    .updateTable('jobs')
    .set({
      state: 'cancelled',
      error: json(cancelled().toBody().error),
      eta: null,
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
  return new DatasetGanError('shutting-down', 'The server is stopping.', { fix: 'Try again when it has started.' });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
