import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Loads } from '../../../../src/dashboard/pages/look/loads.ts';

/** Loads that end when the test says so; `begun` has their names in order. */
function loading(most: number) {
  const loads = new Loads(most);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const load = (name: string, rank: number, signal = new AbortController().signal) =>
    loads.run(rank, signal, () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    });
  const end = async (name: string) => {
    ends.get(name)!();
    await nextTurn();
  };
  return { loads, begun, load, end };
}

test('only so many at once, the lowest rank first, then in order of arrival', async () => {
  const { begun, load, end } = loading(2);
  const all = [load('a', 1), load('b', 1), load('mask', 1), load('picture 1', 0), load('picture 2', 0)];
  await nextTurn();
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'picture 1']);
  await end('picture 1');
  await end('a');
  expect(begun).toEqual(['a', 'b', 'picture 1', 'picture 2', 'mask']);
  await end('mask');
  await end('picture 2');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'mask', 'picture 1', 'picture 2']);
});

test('what nobody waits for any longer never begins', async () => {
  const { begun, load, end } = loading(1);
  const gone = new AbortController();
  const running = load('a', 0);
  const waiting = load('b', 0, gone.signal);
  const last = load('c', 0);
  gone.abort();
  await expect(waiting).rejects.toThrow();
  await expect(load('d', 0, gone.signal)).rejects.toThrow();
  await end('a');
  await end('c');
  await Promise.all([running, last]);
  expect(begun).toEqual(['a', 'c']);
});

test('one that fails makes room', async () => {
  const loads = new Loads(1);
  const signal = new AbortController().signal;
  const failing = loads.run(0, signal, async () => {
    throw new Error('no');
  });
  const next = loads.run(0, signal, async () => 'next');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
});
