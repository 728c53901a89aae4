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
/** Where there was no answer at all: the server may be starting. */
const TRY_AGAIN_MS = 3000;

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
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    if (kept.has(path)) {
      // As long as it is shown, it is held here.
      const value = kept.get(path) as T;
      keep(path, value);
      setLoaded({ path, value, problem: undefined });
      return undefined;
    }
    let timer: number | undefined;
    const gone = new AbortController();
    const { signal } = gone;
    loads
      .run(rank, signal, async () => read(await answerTo(path, { signal })))
      .then((value) => {
        keep(path, value);
        if (!signal.aborted) setLoaded({ path, value, problem: undefined });
      })
      .catch((thrown: unknown) => {
        if (signal.aborted) return;
        const problem = shownError(thrown);
        setLoaded({ path, value: undefined, problem });
        if (problem?.code === 'no-answer') timer = setTimeout(() => setAgain((times) => times + 1), TRY_AGAIN_MS);
      });
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [path, rank, read, again]);
  if (path !== null && kept.has(path)) return { value: kept.get(path) as T, problem: undefined };
  return loaded.path === path ? loaded : { value: undefined, problem: undefined };
}

function keep(path: string, value: unknown): void {
  kept.delete(path);
  kept.set(path, value);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}
