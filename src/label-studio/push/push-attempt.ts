import { isError } from '../../errors.ts';
import type { Connection } from '../connection/connection.ts';
import { AnswerError } from '../connection/failure.ts';

/** Waits before a chunk is checked and sent again, in milliseconds. */
const PAUSES_MS = [1_000, 5_000, 20_000];

/**
 * Sends what is missing until nothing is. Label Studio's imports are not idempotent, and a connection may break after it committed: so a failure
 * whose outcome is unknown is never answered by sending again, but by asking what is there.
 * @param missing what Label Studio does not have yet
 * @param send stores the items; may fail before, after or in the middle of it
 * @throws what `send` threw when the trouble does not pass, or lasts
 */
export async function pushAttempt<T>(
  connection: Connection,
  missing: () => Promise<readonly T[]>,
  send: (items: readonly T[]) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const items = await missing();
    if (items.length === 0) return;
    try {
      await send(items);
      return;
    } catch (thrown) {
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || !mayHavePassed(thrown)) throw thrown;
      await connection.clock.sleep(pause, signal);
    }
  }
}

/** Wrong tokens, deleted projects and refused data do not fix themselves; a server that is away or stumbles may. */
function mayHavePassed(thrown: unknown): boolean {
  if (thrown instanceof AnswerError) return thrown.answered >= 500;
  return isError(thrown, 'label-studio-down');
}
