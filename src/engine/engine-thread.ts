import { Worker } from 'node:worker_threads';
import { DatasetGanError, toError } from '../errors.ts';
import { messageOf } from '../thrown.ts';
import { fromPlainError, type Reply, type Request, type WorkerSetup } from './messages.ts';

/** A job for a thread. */
export interface ThreadJob {
  readonly url: string;
  readonly name: string;
  readonly input: unknown;
  readonly transfer: readonly ArrayBuffer[];
  /** It needs much memory: large sessions of other tasks are given back before it, and its own after it. */
  readonly makesRoom: boolean;
  /** Its first integer is set to ask the job to stop. */
  readonly stop: SharedArrayBuffer;
  readonly onProgress: ((value: unknown) => void) | undefined;
}

interface Running {
  readonly id: number;
  readonly job: ThreadJob;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Short-lived objects are collected early: left to itself V8 lets each thread pile up a hundred megabytes of them. */
const LIMITS = { maxYoungGenerationSizeMb: 24 } as const;

/**
 * One worker thread, started when it is first needed, that runs one job at a time. It is never terminated in mid-run, which would abort the
 * process (onnxruntime-node): a job is asked to stop. A thread that dies fails its job; the next one starts a new thread.
 */
export class EngineThread {
  /** Those of this process that run a job, and when each has ended its own. */
  static readonly #busy = new Map<EngineThread, Promise<void>>();
  static #ended = false;
  readonly #setup: WorkerSetup;
  #worker: Worker | undefined;
  #running: Running | undefined;
  #nextId = 0;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
  }

  /**
   * The process is about to end: no thread starts another job, and those that run are asked to stop. False when one still runs after `patience`
   * milliseconds.
   */
  static async endAll(patience: number): Promise<boolean> {
    EngineThread.#ended = true;
    for (const { job } of [...EngineThread.#busy.keys()].flatMap((thread) => thread.#running ?? [])) askToStop(job.stop);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    await Promise.race([Promise.all(EngineThread.#busy.values()), late]);
    clearTimeout(timer);
    return EngineThread.#busy.size === 0;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** @throws DatasetGanError `engine-crashed` when the thread died, `shutting-down`, or what the job threw */
  async run(job: ThreadJob): Promise<unknown> {
    if (EngineThread.#ended) throw new DatasetGanError('shutting-down', 'The process is about to end.');
    const { promise: over, resolve } = Promise.withResolvers<void>();
    EngineThread.#busy.set(this, over);
    try {
      return await this.#run(job);
    } finally {
      EngineThread.#busy.delete(this);
      resolve();
    }
  }

  #run(job: ThreadJob): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#running = { id, job, resolve, reject };
      this.#worker ??= this.#start();
      const { url, name, input, makesRoom, stop } = job;
      try {
        this.#worker.postMessage({ kind: 'run', id, url, name, input, makesRoom, stop } satisfies Request, job.transfer);
      } catch (error) {
        this.#take()!.reject(toError(error));
      }
    });
  }

  /** Has the thread, which must not be busy, give its sessions back; it makes them again when they are needed. */
  release(): void {
    this.#worker?.postMessage({ kind: 'release' } satisfies Request);
  }

  /** Ends the thread, which must not be busy. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ kind: 'exit' } satisfies Request);
    await ended;
  }

  /** The running job, which is over now. */
  #take(): Running | undefined {
    const running = this.#running;
    this.#running = undefined;
    return running;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#setup, resourceLimits: LIMITS });
    let crash: unknown;
    worker.on('message', (reply: Reply) => {
      if (reply.id !== this.#running?.id) return;
      if (reply.kind === 'progress') this.#running.job.onProgress?.(reply.value);
      else if (reply.kind === 'done') this.#take()!.resolve(reply.value);
      else this.#take()!.reject(fromPlainError(reply.error));
    });
    worker.on('error', (error) => {
      crash = error;
    });
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#worker = undefined;
      const running = this.#take();
      running?.reject(
        new DatasetGanError(
          'engine-crashed',
          `The compute thread stopped during '${running.job.name}': ${crash === undefined ? `exit code ${code}` : messageOf(crash)}`,
          {
            fix: 'The server restarted the thread, and other jobs continue. If it happens again, lower ENGINE_THREADS or raise MEMORY_LIMIT.',
            cause: crash,
          },
        ),
      );
    });
    return worker;
  }
}

/** Sets what the job looks at between its session runs. */
export function askToStop(stop: SharedArrayBuffer): void {
  Atomics.store(new Int32Array(stop), 0, 1);
}
