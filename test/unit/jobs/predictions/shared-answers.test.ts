import { expect, test } from 'vitest';
import { SharedAnswers } from '../../../../src/jobs/predictions/shared-answers.ts';

/** Answers that the test gives: what was asked to be made, in order. */
function making() {
  const made: { readonly signal: AbortSignal; give(value: string): void; fail(error: Error): void }[] = [];
  const make = (signal: AbortSignal): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    signal.addEventListener('abort', () => reject(new Error('stopped')));
    made.push({ signal, give: resolve, fail: reject });
    return promise;
  };
  return { made, make };
}

test('an answer is made once for all who ask meanwhile, and kept for those who ask later', async () => {
  const answers = new SharedAnswers<string>(2);
  const { made, make } = making();
  const asked = [answers.get('a', undefined, make), answers.get('a', undefined, make)];
  expect(made).toHaveLength(1);
  made[0]!.give('first');
  expect(await Promise.all(asked)).toEqual(['first', 'first']);
  expect(await answers.get('a', undefined, make)).toBe('first');
  expect(made).toHaveLength(1);
});

test('it is given up when the last of those who wait has gone, and made anew for the next', async () => {
  const answers = new SharedAnswers<string>(2);
  const { made, make } = making();
  const [one, two] = [new AbortController(), new AbortController()];
  const asked = [answers.get('a', one.signal, make), answers.get('a', two.signal, make)];
  one.abort();
  expect(made[0]!.signal.aborted).toBe(false);
  two.abort();
  expect(made[0]!.signal.aborted).toBe(true);
  const next = answers.get('a', undefined, make);
  for (const answer of asked) await expect(answer).rejects.toThrow('stopped');
  expect(made).toHaveLength(2);
  made[1]!.give('second');
  expect(await next).toBe('second');
});

test('who has gone before asking starts nothing', async () => {
  const { made, make } = making();
  const asked = new SharedAnswers<string>(1).get('a', AbortSignal.abort(), make);
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  expect(made).toEqual([]);
});

test('a failure is told to all who wait, and not kept', async () => {
  const answers = new SharedAnswers<string>(1);
  const { made, make } = making();
  const asked = [answers.get('a', undefined, make), answers.get('a', undefined, make)];
  made[0]!.fail(new Error('no'));
  for (const answer of asked) await expect(answer).rejects.toThrow('no');
  const again = answers.get('a', undefined, make);
  made[1]!.give('yes');
  expect(await again).toBe('yes');
});

test('only the answers that were asked for last are kept', async () => {
  const answers = new SharedAnswers<string>(1);
  const made: string[] = [];
  const ask = (key: string) =>
    answers.get(key, undefined, async () => {
      made.push(key);
      return key;
    });
  for (const key of ['a', 'a', 'b', 'a']) expect(await ask(key)).toBe(key);
  expect(made).toEqual(['a', 'b', 'a']);
});
