import type { InferenceSession } from 'onnxruntime-node';

/**
 * How every ONNX Runtime session of the engine is made.
 * @param threads cores that one run may use
 * @param spins the threads wait for each other by spinning, during a run only: for runs of many small operations, such as steps of a training, which
 * take 6.5 instead of 9.7 ms so
 */
export function sessionOptions(threads: number, spins = false): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // From the second run on, a planned block would be beside what the first run's arena holds: 2.4 GB instead of 1.5 for a pair of 512 px, no faster.
    enableMemPattern: false,
    // Lanes share the cores: a thread that spins while it waits takes time from the other lane.
    extra: { session: { intra_op: { allow_spinning: spins ? '1' : '0' }, force_spinning_stop: '1' } },
  };
}
