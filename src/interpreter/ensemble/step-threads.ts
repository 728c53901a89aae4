import { Worker } from 'node:worker_threads';
import { buffersOf } from '../../engine/buffers-of.ts';
import { DatasetGanError } from '../../errors.ts';
import type { NetworkShape } from '../network-shape.ts';
import type { Loss } from './training-graph.ts';

/** An input of the training graph. */
export interface StepsFeed {
  readonly name: string;
  readonly type: 'float32' | 'int32' | 'int64';
  readonly data: Float32Array | Int32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** Some steps of a group of members. */
export interface StepsRequest {
  readonly shape: NetworkShape;
  readonly loss: Loss;
  /** Inputs that several groups have: copied to each thread. */
  readonly shared: readonly StepsFeed[];
  /** Inputs of this group alone: moved to the thread, and empty here afterwards. */
  readonly own: readonly StepsFeed[];
}

export type StepsAnswer = { readonly outputs: ReadonlyMap<string, Float32Array> } | { readonly failed: string };

/** Threads of this thread that run training steps, one core each, kept for the next training. */
const idle: Worker[] = [];

/**
 * Runs the steps of several groups side by side, on as many threads as there are cores for it. All have ended when it returns or throws: a thread that is
 * taken away in the middle of a run takes the process with it (onnxruntime-node).
 * @returns the outputs of the training graph, group by group
 */
export async function runSideBySide(
  requests: readonly StepsRequest[],
  threads: number,
): Promise<ReadonlyMap<string, Float32Array>[]> {
  const answers: StepsAnswer[] = new Array(requests.length);
  let next = 0;
  const lanes = Array.from({ length: Math.min(threads, requests.length) }, async () => {
    const worker = idle.pop() ?? startThread();
    while (next < requests.length) {
      const at = next++;
      answers[at] = await ask(worker, requests[at]!);
    }
    idle.push(worker);
  });
  const ended = await Promise.allSettled(lanes);
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
  return answers.map((answer) => {
    if ('outputs' in answer) return answer.outputs;
    throw new DatasetGanError('internal', `A training step failed: ${answer.failed}`);
  });
}

function startThread(): Worker {
  const worker = new Worker(new URL('./steps-worker.ts', import.meta.url));
  // It ends with this thread, which it does not keep.
  worker.unref();
  return worker;
}

async function ask(worker: Worker, request: StepsRequest): Promise<StepsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<StepsAnswer>();
  const ended = (code: number) => reject(new DatasetGanError('internal', `A thread that trains ended with ${code}.`));
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', ended);
  worker.ref();
  worker.postMessage(request, buffersOf(request.own.map(({ data }) => data)));
  try {
    return await promise;
  } finally {
    worker.unref();
    worker.off('message', resolve);
    worker.off('error', reject);
    worker.off('exit', ended);
  }
}
