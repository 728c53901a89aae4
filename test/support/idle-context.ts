import type { EngineContext } from '../../src/engine/task.ts';

/** For tasks that need no session: what they do runs where it is called. */
export const idleContext: EngineContext = {
  threads: 1,
  session: () => Promise.reject(new Error('This task was to need no session.')),
  checkpoint: async () => undefined,
  progress: () => undefined,
  transfer: (view) => view,
};
