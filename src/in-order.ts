/**
 * Results of `work` in the order of the items, with up to `width` of them in work at once. An error is thrown where its item's turn comes. What is
 * still in work when the caller stops listening, or when one fails, is told so by the signal.
 */
export async function* inOrder<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const working: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item, either);
      // Awaited later; a rejection that nobody listens to until then would end the process.
      result.catch(() => undefined);
      working.push(result);
      if (working.length >= width) yield await working.shift()!;
    }
    while (working.length > 0) yield await working.shift()!;
  } finally {
    left.abort();
  }
}
