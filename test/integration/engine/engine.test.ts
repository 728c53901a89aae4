import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { countTask, crashTask, doubleTask, refuseTask, useSessionsTask } from './tasks.ts';

let engine: Engine;
beforeAll(() => {
  engine = new Engine({ threads: 2, memoryLimit: 1e9 });
});
afterAll(() => engine.close());

test('runs an ONNX Runtime session in a worker thread', async () => {
  expect([...(await engine.run(doubleTask, Float32Array.of(1, 2.5), { lane: 'batch' }))]).toEqual([2, 5]);
  expect([...(await engine.run(doubleTask, Float32Array.of(4), { lane: 'interactive' }))]).toEqual([8]);
});

test('a running task stops at its next checkpoint, a waiting one at once', async () => {
  const running = new AbortController();
  const waiting = new AbortController();
  const seen: unknown[] = [];
  const first = engine.run(countTask, 10_000, { lane: 'batch', signal: running.signal, onProgress: (value) => seen.push(value) });
  const second = engine.run(countTask, 1, { lane: 'batch', signal: waiting.signal });
  waiting.abort();
  await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  await expect.poll(() => seen.length).toBeGreaterThan(2);
  running.abort();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  expect(seen.length).toBeLessThan(10_000);
});

test('the greater priority goes first, equal ones in order', async () => {
  const order: string[] = [];
  const run = (name: string, priority: number) =>
    engine.run(countTask, 2, { lane: 'batch', priority }).then(() => order.push(name));
  await Promise.all([run('first', 0), run('low', 1), run('high a', 5), run('high b', 5)]);
  expect(order).toEqual(['first', 'high a', 'high b', 'low']);
});

test('tasks that are spread run side by side, and none starts before one that is not and is more urgent', async () => {
  const log: string[] = [];
  const run = async (name: string, options: { spread?: boolean; priority?: number; memory?: number }) => {
    let began = false;
    const onProgress = () => {
      if (!began) log.push(`${name} begins`);
      began = true;
    };
    await engine.run(countTask, 10, { lane: 'batch', onProgress, ...options });
    log.push(`${name} ends`);
  };
  // The threads are started before anything is counted.
  await Promise.all([1, 2, 3].map((i) => engine.run(countTask, 5, { lane: 'batch', spread: i > 1 })));
  await Promise.all([
    run('a', { spread: true }),
    run('b', { spread: true }),
    run('c', { spread: true }),
    run('urgent', { priority: 1 }),
  ]);
  expect(log.slice(0, 2).toSorted()).toEqual(['a begins', 'b begins']);
  expect(log.slice(2, 4).toSorted()).toEqual(['a ends', 'b ends']);
  expect(log.slice(4)).toEqual(['urgent begins', 'urgent ends', 'c begins', 'c ends']);
});

test('tasks that are spread run one after the other where their memory does not fit side by side', async () => {
  const log: string[] = [];
  const run = async (name: string) => {
    const onProgress = () => log.push(name);
    await engine.run(countTask, 3, { lane: 'batch', spread: true, memory: 0.2e9, onProgress });
  };
  await Promise.all([run('a'), run('b')]);
  expect(log).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
});

test('the session used longest ago is given back where memory for another is needed, but none that a task still uses', async () => {
  // The interactive lane has a quarter of 1.2 GB: three sessions of 100 MB.
  const small = new Engine({ threads: 1, memoryLimit: 1.2e9 });
  const use = (...keys: string[]) => small.run(useSessionsTask, keys, { lane: 'interactive' });
  await use('a');
  await use('b');
  await use('c');
  expect(await use('a', 'b', 'c')).toEqual(['a', 'b', 'c']);
  await use('a');
  await use('d');
  expect(await use('a', 'c', 'd')).toEqual(['a', 'b', 'c', 'd']);
  expect(await use('b')).toEqual(['a', 'b', 'c', 'd', 'b']);
  // More than fits at once: the task has them all the same.
  expect((await use('e', 'f', 'g', 'h')).slice(5)).toEqual(['e', 'f', 'g', 'h']);
  await small.close();
});

test('before a task that makes room the threads for spread ones give their sessions back', async () => {
  const other = new Engine({ threads: 2, memoryLimit: 8e9 });
  const use = (options: { spread?: boolean; makesRoom?: boolean }) =>
    other.run(useSessionsTask, ['only'], { lane: 'batch', ...options });
  await use({});
  await use({ spread: true });
  expect(await use({ spread: true })).toEqual(['only']);
  expect(await use({ makesRoom: true })).toEqual(['only']);
  // Of its own thread the large ones, before it and after it.
  const inWhole = (keys: string[], makesRoom: boolean) => other.run(useSessionsTask, keys, { lane: 'batch', makesRoom });
  await inWhole(['large picture'], false);
  expect(await inWhole(['large sample', 'only'], true)).toEqual(['only', 'large picture', 'large sample']);
  expect((await inWhole(['only', 'large sample', 'large picture'], false)).slice(3)).toEqual(['large sample', 'large picture']);
  expect(await use({ spread: true })).toEqual(['only', 'only']);
  await other.close();
});

test('a crashed thread fails its own task, is restarted, and the queue goes on', async () => {
  const crashed = engine.run(crashTask, undefined, { lane: 'batch' });
  const next = engine.run(doubleTask, Float32Array.of(3), { lane: 'batch' });
  await expect(crashed).rejects.toMatchObject({ code: 'engine-crashed', message: expect.stringContaining("'crash'") });
  expect([...(await next)]).toEqual([6]);
});

test("a task's own error arrives with code and fix", async () => {
  await expect(engine.run(refuseTask, undefined, { lane: 'codec' })).rejects.toMatchObject({
    code: 'no-truth',
    fix: 'Use psi 1.',
  });
});

test('more than MEMORY_LIMIT is refused with the numbers; closing ends waiting and running tasks', async () => {
  expect(() => engine.run(doubleTask, Float32Array.of(1), { lane: 'batch', memory: 2e9 })).toThrow(
    'This needs 2.0 GB, but the limit is 1.0 GB.',
  );
  const other = new Engine({ threads: 1, memoryLimit: 1e9 });
  const running = other.run(countTask, 10_000, { lane: 'batch' });
  const waiting = other.run(countTask, 1, { lane: 'batch' });
  const outcomes = Promise.allSettled([running, waiting]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await other.close();
  expect((await outcomes).map((o) => (o as PromiseRejectedResult).reason.code)).toEqual(['cancelled', 'shutting-down']);
  await expect(other.run(countTask, 1, { lane: 'batch' })).rejects.toMatchObject({ code: 'shutting-down' });
});
