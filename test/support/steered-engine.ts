import { Engine, type RunOptions } from '../../src/engine/engine.ts';
import { engineTask, type TaskRef } from '../../src/engine/task.ts';
import { slowly } from './slowly.ts';

type Chosen = (task: string, options: RunOptions) => boolean;

/** An engine that a test can hold back, and that can be as slow as one for a large generator. */
export class SteeredEngine extends Engine {
  #slowness = 0;
  #gate: { readonly chosen: Chosen; readonly open: Promise<void>; held: number } | undefined;

  /** From now on every picture takes this many milliseconds more of its lane's time: predicted, synthesized, or sampled for training. */
  slowDown(milliseconds: number): void {
    this.#slowness = milliseconds;
  }

  /** Tasks that are chosen wait from now on until the returned function is called. */
  hold(chosen: Chosen): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const gate = { chosen, open: promise, held: 0 };
    this.#gate = gate;
    return () => {
      if (this.#gate === gate) this.#gate = undefined;
      resolve();
    };
  }

  /** Tasks that came to the gate since `hold`. */
  get held(): number {
    return this.#gate?.held ?? 0;
  }

  override async run<I, O>(task: TaskRef<I, O>, input: I, options: RunOptions): Promise<O> {
    const gate = this.#gate;
    if (gate?.chosen(task.name, options) === true) {
      gate.held++;
      await Promise.race([gate.open, aborted(options.signal)]);
    }
    if (this.#slowness === 0 || options.lane === 'codec') return super.run(task, input, options);
    const slow = { url: task.url, name: task.name, input, milliseconds: this.#slowness };
    return (await super.run(slowlyTask, slow, options)) as O;
  }
}

const slowlyTask = engineTask(new URL('./slowly.ts', import.meta.url).href, slowly);

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}
