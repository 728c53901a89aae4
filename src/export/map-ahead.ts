import { inOrder } from '../in-order.ts';

/** Items in work at once: the one whose turn it is, and four ahead. */
const WIDTH = 5;

/** Each item of a stream with what is made of it, in order. An error is thrown where its item's turn comes. */
export function mapAhead<I, O>(items: AsyncIterable<I>, map: (item: I) => Promise<O>): AsyncGenerator<[I, O], void, undefined> {
  return inOrder(items, WIDTH, undefined, async (item) => [item, await map(item)]);
}
