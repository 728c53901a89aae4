/**
 * Maps a stream in order while up to `ahead` further items are being worked on. An error is thrown where its item's turn comes.
 */
export async function* mapAhead<I, O>(items: AsyncIterable<I>, map: (item: I) => Promise<O>, ahead = 4): AsyncGenerator<[I, O]> {
  const queue: { readonly item: I; readonly result: Promise<O> }[] = [];
  for await (const item of items) {
    const result = map(item);
    // Thrown when its turn comes; a rejection that nobody listens to until then would end the process.
    result.catch(() => undefined);
    queue.push({ item, result });
    if (queue.length > ahead) yield await taken(queue);
  }
  while (queue.length > 0) yield await taken(queue);
}

async function taken<I, O>(queue: { readonly item: I; readonly result: Promise<O> }[]): Promise<[I, O]> {
  const { item, result } = queue.shift()!;
  return [item, await result];
}
