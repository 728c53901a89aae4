import { Worker } from 'node:worker_threads';
import { DatasetGanError } from '../errors.ts';
import { fromPlainError, type Reply, type Request, type WorkerSetup } from './messages.ts';

export interface LaneJob {
  readonly url: string;
  readonly name: string;
  readonly input: unknown;
  readonly transfer: readonly ArrayBuffer[];
  readonly priority: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((value: unknown) => void) | undefined;
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
 * One worker thread and the jobs that wait for it, greatest priority first, then in order of arrival.
 * A thread is never terminated in mid-run, which would abort the process (onnxruntime-node): it is asked to stop.
 */
export class Lane {
  readonly #setup: WorkerSetup;
  readonly #queue: Queued[] = [];
  #worker: Worker | undefined;
  #running: Queued | undefined;
  #nextId = 0;
  #closed = false;
  #idle: (() => void) | undefined;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
  }

  /** Jobs running or waiting. */
  get length(): number {
    return this.#queue.length + (this.#running === undefined ? 0 : 1);
  }

  run(job: LaneJob): Promise<unknown> {
    if (this.#closed) return Promise.reject(new DatasetGanError('shutting-down', 'The server is shutting down.'));
    if (job.signal?.aborted) return Promise.reject(new DatasetGanError('cancelled', 'The task was cancelled before it began.'));
    return new Promise((resolve, reject) => {
      const queued: Queued = { job, stop: new SharedArrayBuffer(4), resolve, reject };
      const at = this.#queue.findIndex((other) => other.job.priority < job.priority);
      this.#queue.splice(at === -1 ? this.#queue.length : at, 0, queued);
      // A long job passes one signal to thousands of tasks: its listeners must not pile up.
      const cancel = () => this.#cancel(queued);
      job.signal?.addEventListener('abort', cancel);
      queued.done = () => job.signal?.removeEventListener('abort', cancel);
      this.#next();
    });
  }

  /** Refuses new jobs, drops the waiting ones, asks the running one to stop, and resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const queued of this.#queue.splice(0)) {
      queued.done?.();
      queued.reject(new DatasetGanError('shutting-down', 'The server is shutting down.'));
    }
    if (this.#running !== undefined) {
      Atomics.store(new Int32Array(this.#running.stop), 0, 1);
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ kind: 'exit' } satisfies Request);
    await ended;
  }

  #cancel(queued: Queued): void {
    Atomics.store(new Int32Array(queued.stop), 0, 1);
    const at = this.#queue.indexOf(queued);
    if (at === -1) return;
    this.#queue.splice(at, 1);
    queued.done?.();
    queued.reject(new DatasetGanError('cancelled', 'The task was cancelled before it began.'));
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const queued = this.#queue.shift();
    if (queued === undefined) {
      this.#idle?.();
      return;
    }
    this.#running = queued;
    this.#worker ??= this.#start();
    const { url, name, input, transfer } = queued.job;
    const request: Request = { kind: 'run', id: this.#nextId, url, name, input, stop: queued.stop };
    try {
      this.#worker.postMessage(request, transfer);
    } catch (error) {
      this.#finish(() => queued.reject(error as Error));
    }
  }

  #finish(settle: () => void): void {
    this.#running?.done?.();
    this.#running = undefined;
    this.#nextId++;
    settle();
    this.#next();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#setup });
    let crash: Error | undefined;
    worker.on('message', (reply: Reply) => {
      const running = this.#running;
      if (running === undefined || reply.id !== this.#nextId) return;
      if (reply.kind === 'progress') running.job.onProgress?.(reply.value);
      else if (reply.kind === 'done') this.#finish(() => running.resolve(reply.value));
      else this.#finish(() => running.reject(fromPlainError(reply.error)));
    });
    worker.on('error', (error) => {
      crash = error;
    });
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#worker = undefined;
      const running = this.#running;
      if (running === undefined) return;
      const reason = crash?.message ?? `exit code ${code}`;
      this.#finish(() =>
        running.reject(
          new DatasetGanError('engine-crashed', `The compute thread stopped during '${running.job.name}': ${reason}`, {
            fix: 'The thread was restarted and other jobs go on. If it happens again, lower ENGINE_THREADS or raise MEMORY_LIMIT.',
            cause: crash,
          }),
        ),
      );
    });
    return worker;
  }
}
