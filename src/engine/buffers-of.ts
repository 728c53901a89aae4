/** The buffers of arrays that have one to themselves, to be moved to another thread instead of copied. */
export function buffersOf(views: Iterable<ArrayBufferView>): ArrayBuffer[] {
  return [...views].map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
}
