import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress } from '../../../src/cli/progress.ts';

const CLEAR = '\r\x1b[2K';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A progress on a terminal of 30 columns, or in a log, and what it has written so far. */
function setUp(isTTY: boolean): { progress: Progress; written: () => string } {
  const out = new PassThrough();
  let text = '';
  out.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const stream = Object.assign(out, isTTY ? { isTTY, columns: 30 } : {});
  return { progress: new Progress(stream as NodeJS.WriteStream & PassThrough), written: () => text };
}

test('a terminal rewrites its line, cut to its width, and clears it for a line that stays', () => {
  const { progress, written } = setUp(true);
  progress.show('one');
  progress.show('x'.repeat(40));
  progress.say('done');
  progress.say();
  progress.end();
  expect(written()).toBe(`${CLEAR}one${CLEAR}${'x'.repeat(29)}${CLEAR}done\n\n`);
});

test('a log gets a line of its own at most every five seconds', () => {
  const { progress, written } = setUp(false);
  for (let second = 0; second <= 10; second++) {
    progress.show(`${second} s`);
    vi.advanceTimersByTime(1000);
  }
  progress.end();
  progress.say('done');
  expect(written()).toBe('0 s\n5 s\n10 s\ndone\n');
});

test('work on a terminal is shown at once, from two seconds on with its time, and is taken away at its end', async () => {
  const { progress, written } = setUp(true);
  const work = progress.during('dataset', async (tell) => {
    tell('1/2');
    await new Promise((done) => setTimeout(done, 2100));
    return 7;
  });
  await vi.advanceTimersByTimeAsync(2100);
  expect(await work).toBe(7);
  const lines = written().split(CLEAR);
  expect(lines[1]).toBe('  dataset');
  expect(lines[2]).toBe('  dataset: 1/2');
  expect(lines.at(-2)).toBe('  dataset: 1/2  2 s');
  expect(lines.at(-1)).toBe('');
});

test('a log says nothing of short work, and of long work how long it takes', async () => {
  const { progress, written } = setUp(false);
  const during = async (ms: number) => {
    const work = progress.during('train', () => new Promise((done) => setTimeout(done, ms)));
    await vi.advanceTimersByTimeAsync(ms);
    await work;
  };
  await during(1900);
  expect(written()).toBe('');
  await during(8000);
  expect(written()).toBe('  train  2 s\n  train  7 s\n');
});

test('work that fails takes its line away', async () => {
  const { progress, written } = setUp(true);
  await expect(progress.during('train', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(written()).toBe(`${CLEAR}  train${CLEAR}`);
});
