import { setTimeout as wait } from 'node:timers/promises';

/**
 * Looks again and again until there is something, and gives it. Machines differ: the patience is far beyond what it takes, so that it ends
 * only what would never come. What was seen last goes into the error.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { seconds = 240, every = 250, show }: { seconds?: number; every?: number; show?: () => Promise<unknown> } = {},
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) {
      const seen = show === undefined ? '' : `\n${JSON.stringify(await show(), null, 1)}`;
      throw new Error(`It took more than ${seconds} s and did not happen: ${what}.${seen}`);
    }
    await wait(every);
  }
}
