/**
 * Gives the memory of an array back at once; the array is empty from then on. Left to itself V8 collects it when the thread next needs memory of its own:
 * a training matrix would lie there until the next training.
 */
export function freeMemory({ buffer }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
