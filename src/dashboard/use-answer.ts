import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type LiveState, watchLive } from './live.ts';
import { answerTo, type RequestError, request, shownError } from './request.ts';

export interface Asked<T> {
  /** The last answer; it stays while it is asked for again, and when that fails. */
  readonly answer: T | undefined;
  readonly problem: RequestError | undefined;
  reload(): void;
}

const ASK_AGAIN_MS = 1000;

interface AskOptions {
  readonly live?: boolean;
}

/**
 * The answer to a GET. `path` null: nothing to ask yet.
 * @param options.live asks again when the server tells of a change, at most once a second
 */
export function useAnswer<T>(path: string | null, options: AskOptions = {}): Asked<T> {
  return useAsked(path, request<T>, options);
}

/** Some of the rows that match, and how many match. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

/** The same of a route that answers in pages. */
export function usePage<T>(path: string | null, options: AskOptions = {}): Asked<Page<T>> {
  return useAsked(path, requestPage<T>, options);
}

async function requestPage<T>(path: string, { signal }: { readonly signal: AbortSignal }): Promise<Page<T>> {
  const answer = await answerTo(path, { signal });
  return { rows: (await answer.json()) as T[], total: Number(answer.headers.get('x-total-count')) };
}

function useAsked<T>(
  path: string | null,
  ask: (path: string, options: { readonly signal: AbortSignal }) => Promise<T>,
  { live = false }: AskOptions,
): Asked<T> {
  const [asked, setAsked] = useState<{ path: string | null; answer: T | undefined; problem: RequestError | undefined }>({
    path: null,
    answer: undefined,
    problem: undefined,
  });
  const [again, setAgain] = useState(0);
  // Changes may come faster than answers: giving up each question for the next would never show one.
  const asking = useRef({ now: false, again: false });
  const reload = useCallback(() => {
    if (asking.current.now) asking.current.again = true;
    else setAgain((times) => times + 1);
  }, []);

  useEffect(() => {
    if (path === null) return undefined;
    const gone = new AbortController();
    asking.current = { now: true, again: false };
    ask(path, { signal: gone.signal })
      .then((answer) => setAsked({ path, answer, problem: undefined }))
      .catch((thrown: unknown) => {
        const problem = shownError(thrown);
        if (problem !== undefined && !gone.signal.aborted)
          setAsked((before) => ({ path, answer: before.path === path ? before.answer : undefined, problem }));
      })
      .finally(() => {
        if (gone.signal.aborted) return;
        const { again: changed } = asking.current;
        asking.current = { now: false, again: false };
        if (changed) reload();
      });
    return () => gone.abort();
  }, [path, again, reload]);

  useChange(live && path !== null, reload);
  return asked.path === path ? { ...asked, reload } : { answer: undefined, problem: undefined, reload };
}

/** Calls back when the server told of a change, at most once a second, the last change included. */
export function useChange(wanted: boolean, tell: () => void): void {
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (!wanted) return undefined;
    let before: LiveState | undefined;
    const stop = watchLive((state) => {
      const changed = before !== undefined && (before.jobs !== state.jobs || before.revision !== state.revision);
      before = state;
      if (!changed || timer.current !== undefined) return;
      timer.current = setTimeout(() => {
        timer.current = undefined;
        tell();
      }, ASK_AGAIN_MS);
    });
    return () => {
      stop();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [wanted, tell]);
}
