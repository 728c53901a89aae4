import type { Kysely, Transaction } from 'kysely';
import { fromKysely, type JobWithMetadata, type PgBoss } from 'pg-boss';
import type { JobKind } from '../../api/answers.ts';
import { DatasetGanError, toError } from '../../errors.ts';
import type { Database, JobRow, JsonObject } from '../../store/schema.ts';
import { inputOf, type JobInputs, KIND_RULES } from './job-kinds.ts';
import {
  beginJob,
  claimJob,
  endJob,
  newerWaiting,
  type Outcome,
  queuedJob,
  recordDeath,
  recordProgress,
  recordWait,
  requeueJob,
} from './job-rows.ts';
import { ProgressWriter } from './progress-writer.ts';
import { mayPass, retryDelay } from './retry.ts';
import { endedTheProcess, isGuilty, suspected, waitsForOthers } from './suspects.ts';

/** Seconds until it is looked again whether a job that waits for other work may run. */
const POLL_INTERVAL_SECONDS = 5;

export interface JobEnd {
  readonly kind: JobKind;
  readonly datasetId: string | null;
  readonly state: 'completed' | 'failed' | 'cancelled';
}

export interface JobContext<K extends JobKind> {
  readonly jobId: string;
  readonly input: JobInputs[K];
  /** Aborted with a DatasetGanError: `cancelled` (stop, the result is not wanted) or `shutting-down` (stop, the job comes again). */
  readonly signal: AbortSignal;
  /** May be called as often as there is news; it is written twice a second at most. */
  progress(done: number, total: number, phase?: string): void;
}

/** The returned value becomes the job's `result`. What it throws decides between another try later and failure (see `mayPass`). */
export type JobHandler<K extends JobKind> = (context: JobContext<K>) => Promise<JsonObject | undefined>;

export interface JobTools {
  readonly db: Kysely<Database>;
  readonly boss: PgBoss;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
  /** What follows from the end of a job, in the transaction that records it. */
  readonly ended: (trx: Transaction<Database>, job: JobEnd) => Promise<void>;
}

/** One run of one job in this process: from the queue's delivery to the moment its outcome is recorded. */
export class JobRun<K extends JobKind> {
  readonly kind: K;
  readonly id: string;
  /** Of one kind and key, one runs at a time. */
  readonly key: string | null;
  readonly #tools: JobTools;
  readonly #job: JobWithMetadata;
  readonly #controller = new AbortController();
  #row: JobRow | undefined;

  constructor(tools: JobTools, kind: K, job: JobWithMetadata) {
    this.#tools = tools;
    this.#job = job;
    this.kind = kind;
    this.id = job.id;
    this.key = job.singletonKey;
  }

  /** Known once it runs. */
  get datasetId(): string | null {
    return this.#row?.dataset_id ?? null;
  }

  /** Asks the handler to stop: `cancelled`, or `shutting-down` (then the job is put back). */
  abort(reason: DatasetGanError): void {
    if (!this.#controller.signal.aborted) this.#controller.abort(reason);
  }

  async run(handler: JobHandler<K>): Promise<void> {
    await recordDeath(this.#tools.db, this.id);
    if (await this.#waits()) return;
    const row = await beginJob(this.#tools.db, this.id);
    this.#row = row;
    if (row === undefined) return;
    const newer = await this.#newer(this.#tools.db, row);
    if (newer !== undefined) return await this.#end(row, { state: 'cancelled', error: superseded(newer) });
    if (isGuilty(row, this.kind)) return await this.#end(row, { state: 'failed', error: endedTheProcess(row) });

    // The queue gave the job to another worker, or it was cancelled elsewhere. Either way this delivery no longer counts.
    const lost = () => this.abort(new DatasetGanError('cancelled', 'The job was cancelled.'));
    this.#job.signal.addEventListener('abort', lost);
    const progress = new ProgressWriter(this.#tools.now, (update) =>
      recordProgress(this.#tools.db, row, update).catch(this.#tools.onError),
    );
    try {
      this.#controller.signal.throwIfAborted();
      const result = await handler({
        jobId: this.id,
        input: inputOf(row, this.kind),
        signal: this.#controller.signal,
        progress: (done, total, phase) => progress.report(done, total, phase),
      });
      await progress.close();
      await this.#end(row, { state: 'completed', result: result ?? null });
    } catch (thrown) {
      await progress.close();
      await this.#settleFailure(row, toError(thrown));
    } finally {
      this.#job.signal.removeEventListener('abort', lost);
    }
  }

  /** Whether it must wait for other work; then it is back in the queue. */
  async #waits(): Promise<boolean> {
    const { db } = this.#tools;
    const found = await queuedJob(db, this.id);
    if (found === undefined || isGuilty(found.row, this.kind)) return false;
    if (!(await waitsForOthers(db, found.row, this.kind, found.now))) return false;
    await db.transaction().execute(async (trx) => {
      await recordWait(trx, this.id, suspected(found.row));
      await this.#returnToQueue(trx, POLL_INTERVAL_SECONDS);
    });
    return true;
  }

  /** Gives the job back to the queue at once: it was not begun, or its handler does not stop. */
  async putBack(): Promise<void> {
    if (this.#row !== undefined) return await this.#requeue(this.#row, 0);
    await this.#tools.db.transaction().execute((trx) => this.#returnToQueue(trx, 0));
  }

  async #settleFailure(row: JobRow, error: DatasetGanError): Promise<void> {
    const { aborted, reason } = this.#controller.signal;
    if (aborted) return reason.code === 'shutting-down' ? await this.#requeue(row, 0) : undefined;
    const { failures } = KIND_RULES[this.kind];
    if (mayPass(error, row.failures) && row.failures < failures)
      return await this.#requeue(row, retryDelay(row.failures + 1), error);
    await this.#end(row, { state: 'failed', error });
  }

  /** To the queue a failed job is done, too: our row tells how it ended. Both change together. */
  async #end(row: JobRow, outcome: Outcome): Promise<void> {
    await this.#tools.db.transaction().execute(async (trx) => {
      if (await claimJob(trx, row)) await this.#endWithin(trx, row, outcome);
    });
  }

  async #endWithin(trx: Transaction<Database>, row: JobRow, outcome: Outcome): Promise<void> {
    await endJob(trx, this.id, outcome);
    await this.#tools.ended(trx, { kind: this.kind, datasetId: row.dataset_id, state: outcome.state });
    await this.#tools.boss.complete(this.kind, this.#attempt, null, { db: fromKysely(trx) });
  }

  async #requeue(row: JobRow, delay: number, error?: DatasetGanError): Promise<void> {
    await this.#tools.db.transaction().execute(async (trx) => {
      if (!(await claimJob(trx, row))) return;
      const newer = await this.#newer(trx, row);
      if (newer !== undefined) return await this.#endWithin(trx, row, { state: 'cancelled', error: superseded(newer) });
      await requeueJob(trx, this.id, error);
      await this.#returnToQueue(trx, delay);
    });
  }

  async #returnToQueue(trx: Transaction<Database>, delay: number): Promise<void> {
    const { boss } = this.#tools;
    const db = fromKysely(trx);
    await boss.fail(this.kind, this.#attempt, null, { db });
    await boss.update(this.kind, undefined, { id: this.id, startAfter: delay, db });
  }

  async #newer(db: Kysely<Database>, row: JobRow): Promise<string | undefined> {
    return KIND_RULES[this.kind].turn === 'newest' ? await newerWaiting(db, row) : undefined;
  }

  get #attempt() {
    return { id: this.id, retryCount: this.#job.retryCount };
  }
}

function superseded(newer: string): DatasetGanError {
  return new DatasetGanError('cancelled', `A newer request replaced it: job ${newer}.`);
}
