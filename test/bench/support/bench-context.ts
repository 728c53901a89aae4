import { InferenceSession } from 'onnxruntime-node';
import { sessionOptions } from '../../../src/engine/session-options.ts';
import type { EngineContext } from '../../../src/engine/task.ts';

/** The engine's context in this thread, with the session options of its workers. */
export function benchContext(threads: number): EngineContext {
  const sessions = new Map<string, Promise<InferenceSession>>();
  return {
    threads,
    session(key, _memory, build) {
      const create = async () => InferenceSession.create(await build(), sessionOptions(threads));
      const session = sessions.get(key) ?? create();
      sessions.set(key, session);
      return session;
    },
    checkpoint: () => Promise.resolve(),
    progress: () => undefined,
    transfer: (view) => view,
  };
}
