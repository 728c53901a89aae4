import { DatasetGanError } from '../errors.ts';
import { endProcess } from './end-process.ts';

/** At a terminal, npm passes Ctrl-C on to a program that got it already: what comes this soon is the same wish, not a second one. */
const SAME_WISH_MS = 1000;

/** Exit code of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

export interface StopOptions {
  readonly signals?: readonly NodeJS.Signals[];
  /** A second wish: the process ends right after this, whatever is under way. */
  readonly onForce?: () => void;
}

export interface StopSignal {
  /** Aborted by the first SIGINT or SIGTERM, with `cancelled`. */
  readonly signal: AbortSignal;
  /** Gives the signals back to Node. */
  dispose(): void;
}

/** Turns Ctrl-C into an abort signal, so that what runs can end in order. A second Ctrl-C ends the process. */
export function stopSignal({ signals = ['SIGINT', 'SIGTERM'], onForce }: StopOptions = {}): StopSignal {
  const controller = new AbortController();
  let first = 0;
  const listener = () => {
    if (!controller.signal.aborted) {
      first = Date.now();
      controller.abort(new DatasetGanError('cancelled', 'Stopped.'));
    } else if (Date.now() - first > SAME_WISH_MS) {
      onForce?.();
      void endProcess(1, 0);
    }
  };
  for (const name of signals) process.on(name, listener);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of signals) process.off(name, listener);
    },
  };
}
