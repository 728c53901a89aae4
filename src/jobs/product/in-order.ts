/**
 * Results of `work` in the order of the items, with up to `width` of them in work at once. What is still in work when the caller stops
 * listening, or when one fails, is told so by the signal.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  width: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const left = new AbortController();
  const either = AbortSignal.any([signal, left.signal]);
  const working: Promise<R>[] = [];
  try {
    for (const item of items) {
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
