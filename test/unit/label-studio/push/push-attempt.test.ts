import { expect, test } from 'vitest';
import { DatasetGanError } from '../../../../src/errors.ts';
import type { Clock } from '../../../../src/label-studio/connection/clock.ts';
import { Connection } from '../../../../src/label-studio/connection/connection.ts';
import { AnswerError } from '../../../../src/label-studio/connection/failure.ts';
import { pushAttempt } from '../../../../src/label-studio/push/push-attempt.ts';

const down = () => new DatasetGanError('label-studio-down', 'no answer');
const answered = (status: number) => new AnswerError(status, 'label-studio-error', `answered ${status}`);

/** A Label Studio that keeps what arrives, and breaks as told: each failure comes with how many of the items it had stored by then. */
function labelStudio(failures: readonly (readonly [stored: number, failure: Error])[]) {
  const there: string[] = [];
  const did: string[] = [];
  const clock: Clock = {
    now: () => 0,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      did.push(`wait ${milliseconds}`);
    },
  };
  const connection = new Connection({ base: 'http://127.0.0.1:9', key: 'a'.repeat(40), clock });
  const left = [...failures];
  const push = (items: readonly string[], signal?: AbortSignal) =>
    pushAttempt(
      connection,
      async () => items.filter((item) => !there.includes(item)),
      async (missing) => {
        did.push(`send ${missing.join(' ')}`);
        const [stored, failure] = left.shift() ?? [missing.length, undefined];
        there.push(...missing.slice(0, stored));
        if (failure !== undefined) throw failure;
      },
      signal,
    );
  return { there, did, push };
}

test('sends what is missing once, and nothing where nothing is missing', async () => {
  const { there, did, push } = labelStudio([]);
  await push(['a', 'b']);
  await push(['a', 'b']);
  expect({ there, did }).toEqual({ there: ['a', 'b'], did: ['send a b'] });
});

test('after a failure it waits 1, 5 and 20 s, asks what is there and sends the rest alone', async () => {
  const { there, did, push } = labelStudio([
    [1, down()],
    [0, answered(500)],
    [1, answered(502)],
  ]);
  await push(['a', 'b', 'c']);
  expect(there).toEqual(['a', 'b', 'c']);
  expect(did).toEqual(['send a b c', 'wait 1000', 'send b c', 'wait 5000', 'send b c', 'wait 20000', 'send c']);
});

test('a failure after all was stored costs a wait, not a second copy', async () => {
  const { there, did, push } = labelStudio([[2, down()]]);
  await push(['a', 'b']);
  expect({ there, did }).toEqual({ there: ['a', 'b'], did: ['send a b', 'wait 1000'] });
});

test('the fourth failure is the last', async () => {
  const last = answered(503);
  const { did, push } = labelStudio([
    [0, down()],
    [0, down()],
    [0, down()],
    [0, last],
  ]);
  await expect(push(['a'])).rejects.toBe(last);
  expect(did).toEqual(['send a', 'wait 1000', 'send a', 'wait 5000', 'send a', 'wait 20000', 'send a']);
});

test.each([answered(400), answered(404), new DatasetGanError('label-studio-unauthorized', 'wrong token'), new TypeError('ours')])(
  '%s does not pass: it is thrown at once',
  async (failure) => {
    const { did, push } = labelStudio([[0, failure]]);
    await expect(push(['a'])).rejects.toBe(failure);
    expect(did).toEqual(['send a']);
  },
);

test('who cancels is not made to wait', async () => {
  const { did, push } = labelStudio([[0, down()]]);
  await expect(push(['a'], AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  expect(did).toEqual(['send a']);
});
