/**
 * Cuts a list into runs of at most `bytes` and `count`, in order. One item larger than `bytes` makes a run by itself. Label Studio and the
 * proxies before it limit bodies by size (nginx in its compose file: 200 MB), and a run is also what is asked for and sent again after a
 * broken connection.
 */
export function* chunks<T>(
  items: Iterable<T>,
  sizeOf: (item: T) => number,
  limits: { readonly bytes: number; readonly count: number },
): Generator<T[]> {
  let run: T[] = [];
  let size = 0;
  for (const item of items) {
    const bytes = sizeOf(item);
    if (run.length > 0 && (size + bytes > limits.bytes || run.length >= limits.count)) {
      yield run;
      run = [];
      size = 0;
    }
    run.push(item);
    size += bytes;
  }
  if (run.length > 0) yield run;
}

export const CHUNK_BYTES = 30_000_000;
