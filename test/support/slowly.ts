import { setTimeout as wait } from 'node:timers/promises';
import type { EngineContext, TaskFunction } from '../../src/engine/task.ts';

interface Slowed {
  /** The task that is run afterwards. */
  readonly url: string;
  readonly name: string;
  readonly input: unknown;
  readonly milliseconds: number;
}

/** Runs in a worker thread: the lane is busy for that long, and may be asked to stop. */
export async function slowly({ url, name, input, milliseconds }: Slowed, context: EngineContext): Promise<unknown> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    await context.checkpoint();
    await wait(50);
  }
  const module = (await import(url)) as Record<string, TaskFunction<unknown, unknown>>;
  return module[name]!(input, context);
}
