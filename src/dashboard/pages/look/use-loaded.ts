import { useEffect, useState } from 'preact/hooks';
import { answerTo, type RequestError, shownError } from '../../request.ts';
import { Loads } from './loads.ts';

/** The order in which a page of pictures comes about. */
export const RANK = { picture: 0, mask: 1 } as const;

/** Two connections stay free: one for live events, one for whatever the reader does. */
const loads = new Loads(4);
/** What was loaded last, by address: a page of pictures with two versions and the one before it. */
const kept = new Map<string, unknown>();
const MOST_KEPT = 240;

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly problem: RequestError | undefined;
}

/**
 * What an address answers, read. It is given up when nothing shows it any more.
 * @param path null: nothing to load
 * @param read the same function at each call
 */
export function useLoaded<T>(path: string | null, rank: number, read: (answer: Response) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<{ path: string | null } & Loaded<T>>({ path: null, value: undefined, problem: undefined });
  useEffect(() => {
    if (path === null || kept.has(path)) return undefined;
    const gone = new AbortController();
    const { signal } = gone;
    loads
      .run(rank, signal, async () => read(await answerTo(path, { signal })))
      .then((value) => {
        keep(path, value);
        if (!signal.aborted) setLoaded({ path, value, problem: undefined });
      })
      .catch((thrown: unknown) => {
        if (!signal.aborted) setLoaded({ path, value: undefined, problem: shownError(thrown) });
      });
    return () => gone.abort();
  }, [path, rank, read]);
  if (path !== null && kept.has(path)) return { value: kept.get(path) as T, problem: undefined };
  return loaded.path === path ? loaded : { value: undefined, problem: undefined };
}

function keep(path: string, value: unknown): void {
  kept.set(path, value);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}
