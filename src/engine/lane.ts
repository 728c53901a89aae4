import { DatasetGanError } from '../errors.ts';
import { AgeingQueue } from './ageing-queue.ts';
import { askToStop, EngineThread, type ThreadJob } from './engine-thread.ts';
import type { WorkerSetup } from './messages.ts';

export interface LaneJob extends Omit<ThreadJob, 'stop'> {
  readonly priority: number;
  readonly signal: AbortSignal | undefined;
  /** It may run beside others of its kind. */
  readonly spread: boolean;
}

export interface LaneSetup {
  /** The thread that works for one job at a time. */
  readonly whole: WorkerSetup;
  /** Threads that work side by side, each for a job that is spread. */
  readonly spread?: { readonly setup: WorkerSetup; readonly count: number };
}

interface Queued {
  readonly job: LaneJob;
  readonly stop: SharedArrayBuffer;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Called once, before it is resolved or rejected. */
  done?: () => void;
}

/**
 * Jobs that wait for the same cores, in the order of an AgeingQueue. A job has the lane for itself, or shares it with others that are spread: one that
 * is not waits until those that run are done, and none starts before it.
 */
export class Lane {
  readonly #whole: EngineThread;
  readonly #spread: readonly EngineThread[];
  readonly #queue = new AgeingQueue<Queued>();
  readonly #running = new Set<Queued>();
  #closed = false;
  #idle: (() => void) | undefined;

  constructor({ whole, spread }: LaneSetup) {
    this.#whole = new EngineThread(whole);
    this.#spread = Array.from({ length: spread?.count ?? 0 }, () => new EngineThread(spread!.setup));
  }

  /** Jobs running or waiting. */
  get length(): number {
    return this.#queue.length + this.#running.size;
  }

  run(job: LaneJob): Promise<unknown> {
    if (this.#closed) return Promise.reject(new DatasetGanError('shutting-down', 'The server is shutting down.'));
    if (job.signal?.aborted) return Promise.reject(new DatasetGanError('cancelled', 'The task was cancelled before it began.'));
    return new Promise((resolve, reject) => {
      const queued: Queued = { job, stop: new SharedArrayBuffer(4), resolve, reject };
      this.#queue.add(queued, job.priority);
      // A long job passes one signal to thousands of tasks: its listeners must not pile up.
      const cancel = () => this.#cancel(queued);
      job.signal?.addEventListener('abort', cancel);
      queued.done = () => job.signal?.removeEventListener('abort', cancel);
      this.#next();
    });
  }

  /** Refuses new jobs, drops the waiting ones, asks the running ones to stop, and resolves when the threads have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const queued of this.#queue.clear()) {
      queued.done?.();
      queued.reject(new DatasetGanError('shutting-down', 'The server is shutting down.'));
    }
    if (this.#running.size > 0) {
      for (const { stop } of this.#running) askToStop(stop);
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await Promise.all([this.#whole, ...this.#spread].map((thread) => thread.close()));
  }

  #cancel(queued: Queued): void {
    askToStop(queued.stop);
    if (!this.#queue.remove(queued)) return;
    queued.done?.();
    queued.reject(new DatasetGanError('cancelled', 'The task was cancelled before it began.'));
  }

  #next(): void {
    for (let head = this.#queue.first(); head !== undefined; head = this.#queue.first()) {
      const thread = this.#freeThread(head.job.spread);
      if (thread === undefined) return;
      this.#queue.remove(head);
      // It is not spread, so they are idle.
      if (head.job.makesRoom) for (const other of this.#spread) other.release();
      this.#start(head, thread);
    }
    if (this.#running.size === 0) this.#idle?.();
  }

  #freeThread(spread: boolean): EngineThread | undefined {
    if (!spread) return this.#running.size === 0 ? this.#whole : undefined;
    return this.#whole.busy ? undefined : this.#spread.find(({ busy }) => !busy);
  }

  #start(queued: Queued, thread: EngineThread): void {
    this.#running.add(queued);
    const settle = (how: () => void) => {
      this.#running.delete(queued);
      queued.done?.();
      how();
      this.#next();
    };
    thread.run({ ...queued.job, stop: queued.stop }).then(
      (value) => settle(() => queued.resolve(value)),
      (error: Error) => settle(() => queued.reject(error)),
    );
  }
}
