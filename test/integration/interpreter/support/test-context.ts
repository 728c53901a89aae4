import { InferenceSession } from 'onnxruntime-node';
import { sessionOptions } from '../../../../src/engine/session-options.ts';
import type { EngineContext } from '../../../../src/engine/task.ts';

/** The engine's context without its worker threads; `progress` collects what tasks tell. */
export function testContext(
  threads = 2,
): EngineContext & { readonly told: unknown[]; stopAfter: number; close(): Promise<void> } {
  const sessions = new Map<string, InferenceSession>();
  const told: unknown[] = [];
  return {
    threads,
    told,
    stopAfter: Number.POSITIVE_INFINITY,
    async session(key, _memory, build) {
      const found = sessions.get(key);
      if (found !== undefined) return found;
      const session = await InferenceSession.create(await build(), sessionOptions(threads));
      sessions.set(key, session);
      return session;
    },
    async checkpoint() {
      if (this.stopAfter-- <= 0) throw new Error('stopped');
    },
    progress: (value) => told.push(value),
    transfer: (view) => view,
    async close() {
      for (const session of sessions.values()) await session.release();
      sessions.clear();
    },
  };
}
