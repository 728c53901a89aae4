import type { InferenceSession } from 'onnxruntime-node';

/** How every ONNX Runtime session of the engine is made. threads: cores that one run may use. */
export function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // From the second run on, a planned block would be beside what the first run's arena holds: 2.4 GB instead of 1.5 for a pair of 512 px, no faster.
    enableMemPattern: false,
    // Lanes share the cores: a thread that spins while it waits takes time from the other lane.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
