import { useEffect, useState } from 'preact/hooks';
import type { OrderEstimate } from '../../../api/answers.ts';
import { type RequestError, request, shownError } from '../../request.ts';
import type { OrderBody } from './read-draft.ts';

export interface Estimate {
  /** The last one; it stays while the next is awaited, or the order is refused. */
  readonly answer: OrderEstimate | undefined;
  /** Why the server would refuse the order as it stands. */
  readonly problem: RequestError | undefined;
  readonly waiting: boolean;
}

/** Longer than between two keys. */
const PAUSE_MS = 400;

/** What an order would take, asked for when the typing pauses. `body` undefined: something in it is wrong. */
export function useEstimate(path: string, body: OrderBody | undefined): Estimate {
  const [estimate, setEstimate] = useState<Estimate>({ answer: undefined, problem: undefined, waiting: false });
  const wanted = body === undefined ? undefined : JSON.stringify(body);
  useEffect(() => {
    if (body === undefined) {
      setEstimate(({ answer }) => ({ answer, problem: undefined, waiting: false }));
      return undefined;
    }
    const gone = new AbortController();
    setEstimate((before) => ({ ...before, waiting: true }));
    const ask = async () => {
      try {
        const answer = await request<OrderEstimate>(path, { method: 'POST', body, signal: gone.signal });
        setEstimate({ answer, problem: undefined, waiting: false });
      } catch (thrown) {
        const problem = shownError(thrown);
        if (problem !== undefined && !gone.signal.aborted) setEstimate(({ answer }) => ({ answer, problem, waiting: false }));
      }
    };
    const timer = setTimeout(ask, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [path, wanted]);
  return estimate;
}
