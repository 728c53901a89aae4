import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inOrder } from '../../src/in-order.ts';

const forever = new AbortController().signal;

test('results come in the order of the items, however long each takes, and no more than `width` are in work', async () => {
  let working = 0;
  let most = 0;
  const results = await Array.fromAsync(
    inOrder([30, 1, 20, 2, 10], 3, forever, async (milliseconds) => {
      most = Math.max(most, ++working);
      await wait(milliseconds);
      working--;
      return milliseconds;
    }),
  );
  expect(results).toEqual([30, 1, 20, 2, 10]);
  expect(most).toBe(3);
});

test('one that fails ends it, and the others are told to stop', async () => {
  const stopped: number[] = [];
  const work = async (item: number, signal: AbortSignal) => {
    if (item === 1) throw new Error('no');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    stopped.push(item);
    return item;
  };
  await expect(Array.fromAsync(inOrder([1, 2, 3], 3, forever, work))).rejects.toThrow('no');
  await wait(0);
  expect(stopped).toEqual([2, 3]);
});

test('who stops listening stops the work', async () => {
  const signals: AbortSignal[] = [];
  for await (const item of inOrder([1, 2, 3, 4], 2, forever, async (i, signal) => {
    signals.push(signal);
    return i;
  })) {
    if (item === 2) break;
  }
  expect(signals).toHaveLength(3);
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

test('items may come as a stream, which is closed when it fails and when nobody listens any more', async () => {
  let closed = 0;
  async function* stream() {
    try {
      yield* [1, 2, 3];
      throw new Error('broke off');
    } finally {
      closed++;
    }
  }
  const seen: number[] = [];
  const all = async () => {
    for await (const item of inOrder(stream(), 1, undefined, async (i) => 10 * i)) seen.push(item);
  };
  await expect(all()).rejects.toThrow('broke off');
  expect(seen).toEqual([10, 20, 30]);
  for await (const _ of inOrder(stream(), 2, undefined, async (i) => i)) break;
  expect(closed).toBe(2);
});
