import { DatasetGanError } from '../errors.ts';
import { Lane } from './lane.ts';
import type { TaskRef } from './task.ts';

/**
 * - `interactive`: a click or a /predict that someone waits for.
 * - `batch`: training, refreshes, synthesis.
 * - `codec`: parsing, mask and picture coding, rendering of truth; no ONNX Runtime.
 */
export type LaneName = 'interactive' | 'batch' | 'codec';

/** Of tasks that someone waits for: before all others of a lane. */
export const INTERACTIVE_PRIORITY = 100;

export interface EngineOptions {
  /** Threads of each ONNX Runtime session. */
  readonly threads: number;
  /** Bytes that all sessions together may need. */
  readonly memoryLimit: number;
}

export interface RunOptions {
  readonly lane: LaneName;
  /** The greatest goes first. One below MOST_BY_AGE (ageing-queue.ts) rises by one a second while the task waits. */
  readonly priority?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (value: unknown) => void;
  /** Buffers of the input to move instead of copy. */
  readonly transfer?: readonly ArrayBuffer[];
  /** Estimated peak of the sessions the task needs, in bytes. When two do not fit, interactive work shares the batch lane's session. */
  readonly memory?: number;
  /**
   * One of many of its kind: runs on a single thread beside the others, if memory allows, which takes a fifth to a third less time for all of
   * them than one after the other on all threads. Callers keep `spreadWidth` of them going. Only in the batch lane.
   */
  readonly spread?: boolean;
  /**
   * It needs much memory for long, as a training does: the sessions of the threads for tasks that are spread are given back first, and the large ones of
   * its own thread before and after it. They are made again in less than a second, large ones in a second or two.
   */
  readonly makesRoom?: boolean;
}

/** The share of MEMORY_LIMIT that tasks with `spread` may take together; the interactive lane keeps as much, the rest is for training. */
const SPREAD_SHARE = 1 / 4;

/** While a session is built, its model is there several times: measured 1.9 times the estimate with a 512 px config-f. */
const BUILDING = 2;

/** Runs tasks in worker threads, so that the main thread only ever does I/O (design: compute). */
export class Engine {
  readonly #lanes: Record<LaneName, Lane>;
  readonly #memoryLimit: number;
  readonly #threads: number;

  constructor(options: EngineOptions) {
    const { threads, memoryLimit } = options;
    this.#memoryLimit = memoryLimit;
    this.#threads = threads;
    const spreadMemory = SPREAD_SHARE * memoryLimit;
    this.#lanes = {
      interactive: new Lane({ whole: { threads, memory: memoryLimit / 4, nice: 0 } }),
      batch: new Lane({
        whole: { threads, memory: memoryLimit - spreadMemory - memoryLimit / 4, nice: 10 },
        spread: { setup: { threads: 1, memory: spreadMemory / threads, nice: 10 }, count: threads },
      }),
      codec: new Lane({ whole: { threads: 1, memory: 0, nice: 5 } }),
    };
  }

  /** How many tasks with `spread` keep all threads busy, one of them waiting for its turn. */
  get spreadWidth(): number {
    return this.#threads + 1;
  }

  /**
   * Runs a task and gives its result.
   * @throws DatasetGanError `cancelled` after the signal, `engine-crashed` when its thread died, `out-of-memory` when `memory` passes
   * MEMORY_LIMIT, `shutting-down` after close, or what the task threw.
   */
  run<I, O>(task: TaskRef<I, O>, input: I, options: RunOptions): Promise<O> {
    const memory = options.memory ?? 0;
    if (memory > this.#memoryLimit) {
      const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
      throw new DatasetGanError(
        'out-of-memory',
        `This needs ${gigabytes(memory)}, but the limit is ${gigabytes(this.#memoryLimit)}.`,
        {
          fix: 'Raise MEMORY_LIMIT, or use a smaller label size.',
        },
      );
    }
    const shared = options.lane === 'interactive' && 2 * memory > this.#memoryLimit;
    const name = shared ? 'batch' : options.lane;
    const spread =
      options.spread === true &&
      name === 'batch' &&
      this.#threads > 1 &&
      this.#threads * BUILDING * memory <= SPREAD_SHARE * this.#memoryLimit;
    return this.#lanes[name].run({
      spread,
      makesRoom: options.makesRoom === true && !spread,
      url: task.url,
      name: task.name,
      input,
      transfer: options.transfer ?? [],
      priority: options.priority ?? (options.lane === 'interactive' ? INTERACTIVE_PRIORITY : 0),
      signal: options.signal,
      onProgress: options.onProgress,
    }) as Promise<O>;
  }

  /** Jobs running or waiting, by lane. */
  load(): Record<LaneName, number> {
    const { interactive, batch, codec } = this.#lanes;
    return { interactive: interactive.length, batch: batch.length, codec: codec.length };
  }

  /** Ends the worker threads, each after its current session run. One that has not come to its end after `patience` milliseconds is left alone. */
  async close(patience = 30_000): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    await Promise.race([Promise.all(Object.values(this.#lanes).map((lane) => lane.close())), late]);
    clearTimeout(timer);
  }
}
