import { useEffect, useState } from 'preact/hooks';
import { answerTo, type RequestError, shownError } from '../../request.ts';

/** A slider moves faster than pictures are made. */
const CALM_MS = 120;

interface Picture {
  /** Address of the picture in the browser's memory: the last one that came. */
  readonly source: string | undefined;
  readonly problem: RequestError | undefined;
  /** Another one is on its way. */
  readonly busy: boolean;
}

/** The picture of an address, once it stays for a moment. What was asked for before is given up, and the server stops making it. */
export function usePicture(address: string): Picture {
  const [picture, setPicture] = useState<Picture>({ source: undefined, problem: undefined, busy: true });
  useEffect(() => {
    const gone = new AbortController();
    setPicture((before) => ({ ...before, busy: true }));
    const timer = setTimeout(async () => {
      try {
        const answer = await answerTo(address, { signal: gone.signal });
        const source = URL.createObjectURL(await answer.blob());
        if (gone.signal.aborted) return URL.revokeObjectURL(source);
        setPicture({ source, problem: undefined, busy: false });
      } catch (thrown) {
        const problem = shownError(thrown);
        if (problem !== undefined && !gone.signal.aborted) setPicture({ source: undefined, problem, busy: false });
      }
    }, CALM_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [address]);
  const { source } = picture;
  useEffect(() => () => (source === undefined ? undefined : URL.revokeObjectURL(source)), [source]);
  return picture;
}
