import type { InferenceSession } from 'onnxruntime-node';

/** What a task sees of the worker thread it runs in. */
export interface EngineContext {
  /** Threads that an ONNX Runtime session of this lane may use. */
  readonly threads: number;
  /**
   * The session of that key, built on first use and kept until memory is needed for another.
   * `memory` is the caller's estimate of its peak, in bytes; `build` gives the ONNX file.
   */
  session(key: string, memory: number, build: () => Uint8Array | Promise<Uint8Array>): Promise<InferenceSession>;
  /** A place to stop: lets messages in and throws `cancelled` when the task was asked to stop. Call it between session runs. */
  checkpoint(): Promise<void>;
  /** Tells the caller's onProgress. The value is copied by structured clone. */
  progress(value: unknown): void;
  /** Marks a buffer of the result to be moved, not copied, to the caller. Gives the buffer's view back. */
  transfer<T extends ArrayBufferView>(view: T): T;
}

export type TaskFunction<I, O> = (input: I, context: EngineContext) => Promise<O> | O;

/** Names an exported function of a module, so that a worker thread can import and run it. Input and output are structured-cloned. */
export interface TaskRef<I, O> {
  readonly url: string;
  readonly name: string;
  /** Carries the types only; never set. */
  readonly types?: (input: I) => O;
}

/**
 * A reference to `run`, which must be exported under its own name by the module at `url` (pass import.meta.url).
 *
 *     export async function sampleFeatures(input: Input, context: EngineContext): Promise<Output> { … }
 *     export const sampleFeaturesTask = engineTask(import.meta.url, sampleFeatures);
 */
export function engineTask<I, O>(url: string, run: TaskFunction<I, O>): TaskRef<I, O> {
  return { url, name: run.name };
}
