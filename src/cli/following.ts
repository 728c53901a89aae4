import { stopSignal } from './stop-signal.ts';

/**
 * Follows work that the server does. Ctrl-C ends the following, not the work, and says so.
 * @param goesOn what goes on, and how it is stopped
 * @returns undefined when it was interrupted
 */
export async function following<T>(goesOn: string, follow: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const { signal, dispose } = stopSignal();
  try {
    return await follow(signal);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    process.stderr.write(`${goesOn}\n`);
    return undefined;
  } finally {
    dispose();
  }
}
