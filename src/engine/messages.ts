import { DatasetGanError, type ErrorCode } from '../errors.ts';

/** Main thread → worker. */
export type Request =
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly url: string;
      readonly name: string;
      readonly input: unknown;
      /** Large sessions of other tasks are given back before it, and its own after it. */
      readonly makesRoom: boolean;
      readonly stop: SharedArrayBuffer;
    }
  /** Give back the memory of all sessions. */
  | { readonly kind: 'release' }
  | { readonly kind: 'exit' };

/** Worker → main thread. */
export type Reply =
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PlainError };

/** Structured clone drops our class and fields; this carries them over. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string | undefined;
  readonly stack: string | undefined;
}

export function fromPlainError(plain: PlainError): DatasetGanError {
  const error = DatasetGanError.fromBody(plain);
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}

export interface WorkerSetup {
  readonly threads: number;
  /** Bytes that all sessions of this worker may need together. */
  readonly memory: number;
  /** Nice value of the thread: 0 like everyone, 19 only when nobody else wants the core. */
  readonly nice: number;
}
