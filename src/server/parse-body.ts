import { type Engine, INTERACTIVE_PRIORITY } from '../engine/engine.ts';
import { engineTask, type TaskRef } from '../engine/task.ts';
import { predictRequestOfBytes, setupRequestOfBytes, webhookEventOfBytes } from '../label-studio/requests/from-bytes.ts';
import type { PredictRequest } from '../label-studio/requests/predict-request.ts';
import type { SetupRequest } from '../label-studio/requests/setup-request.ts';
import type { WebhookEvent } from '../label-studio/requests/webhook-event.ts';

/** Kinds of bodies that Label Studio sends: what the HTTP request adds, and what the two become together. */
interface Bodies {
  /** Adds the `Host` header. */
  readonly setup: { readonly given: string | undefined; readonly parsed: SetupRequest };
  /** Adds the deadline, milliseconds since the epoch. */
  readonly predict: { readonly given: number; readonly parsed: PredictRequest };
  readonly webhook: { readonly given: undefined; readonly parsed: WebhookEvent };
}

export type BodyKind = keyof Bodies;

interface Input<K extends BodyKind> {
  readonly kind: K;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly given: Bodies[K]['given'];
}

/**
 * Reads a body. A large one is moved to a worker thread: `bytes` is empty afterwards.
 * @throws DatasetGanError `bad-request` when the bytes are no JSON object of that kind.
 */
export type ParseBody = <K extends BodyKind>(
  kind: K,
  bytes: Uint8Array<ArrayBuffer>,
  given: Bodies[K]['given'],
) => Promise<Bodies[K]['parsed']>;

/** A body up to here is parsed where it is, in a millisecond or two; a larger one would hold up the main thread. */
const SMALL = 256 * 1024;

const PARSERS: { readonly [K in BodyKind]: (bytes: Uint8Array, given: Bodies[K]['given']) => Bodies[K]['parsed'] } = {
  setup: setupRequestOfBytes,
  predict: predictRequestOfBytes,
  webhook: webhookEventOfBytes,
};

/** Runs in the codec lane. */
export function parseBody<K extends BodyKind>({ kind, bytes, given }: Input<K>): Bodies[K]['parsed'] {
  return PARSERS[kind](bytes, given);
}

export function bodyParser(engine: Engine): ParseBody {
  return async <K extends BodyKind>(kind: K, bytes: Uint8Array<ArrayBuffer>, given: Bodies[K]['given']) => {
    if (bytes.byteLength <= SMALL) return parseBody({ kind, bytes, given });
    const task: TaskRef<Input<K>, Bodies[K]['parsed']> = engineTask(import.meta.url, parseBody<K>);
    // Nobody waits for a webhook to be read: it is answered already.
    const priority = kind === 'webhook' ? 0 : INTERACTIVE_PRIORITY;
    return engine.run(task, { kind, bytes, given }, { lane: 'codec', priority, transfer: [bytes.buffer] });
  };
}
