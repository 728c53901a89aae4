/**
 * Gives the memory of an array that has a buffer to itself back at once; the array is empty from then on. Left to itself V8 collects it when the
 * thread next needs memory of its own: a training matrix would be there until the next training, a generator's file beside the session made of it.
 */
export function freeMemory({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !buffer.detached) buffer.transfer(0);
}
