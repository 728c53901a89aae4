import { expect, test } from 'vitest';
import { DatasetGanError, toError } from '../../src/errors.ts';
import { mayPass } from '../../src/jobs/queue/retry.ts';
import { createLogger } from '../../src/log.ts';
import { causesOf, messageOf } from '../../src/thrown.ts';

const throwing = (what: string) => () => {
  throw new Error(`asked for ${what}`);
};

function cycle(): Error {
  const [a, b] = [new Error('a'), new Error('b')];
  a.cause = b;
  b.cause = a;
  return a;
}

function deep(links: number): Error {
  let error = new Error('the first of all');
  for (let link = 0; link < links; link++) error = new Error(`link ${link}`, { cause: error });
  return error;
}

const unreadable = Object.defineProperties(new Error('hidden'), {
  message: { get: throwing('the message') },
  code: { get: throwing('the code') },
  name: { get: throwing('the name') },
  stack: { get: throwing('the stack') },
  cause: { get: throwing('the cause') },
});

/** What can be thrown, and a part of what must be said of it. */
const THROWN: readonly (readonly [string, unknown, string])[] = [
  ['null', null, 'null'],
  ['undefined', undefined, 'undefined'],
  ['a text', 'the disk is full', 'the disk is full'],
  ['an empty text', '', 'an empty text'],
  ['a number', 42, '42'],
  ['a symbol', Symbol('stop'), 'Symbol(stop)'],
  ['a big number', 7n, '7'],
  ['an object', { code: 'ENOSPC' }, 'ENOSPC'],
  ['an object without words', Object.create(null), 'without words'],
  ['a function', throwing('nothing'), 'throw new Error'],
  ['an error without a message', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  ['an error whose cause is a text', new Error('outer', { cause: 'inner text' }), 'inner text'],
  ['an error whose cause is an object', new Error('outer', { cause: { message: 'inner object' } }), 'inner object'],
  ['an error whose cause is null', new Error('outer', { cause: null }), 'outer'],
  ['an error that is its own cause', Object.assign(new Error('self'), { cause: cycle() }), 'self'],
  ['a cycle of causes', cycle(), '"b"'],
  ['a cycle through ours', new DatasetGanError('disk-full', 'ours', { cause: cycle() }), 'disk-full'],
  ['100,000 causes', deep(100_000), 'link 99999'],
  ['getters that throw', unreadable, 'without words'],
  ['a cause with getters that throw', new Error('outer', { cause: unreadable }), 'without words'],
  ['a proxy that refuses everything', refusing(), 'without words'],
];

function refusing(): unknown {
  return new Proxy({}, { get: throwing('a field'), getPrototypeOf: throwing('the prototype'), has: throwing('a name') });
}

test.each(THROWN)('%s can be logged, answered and judged', (_, thrown, words) => {
  let line = '';
  createLogger('info', { write: (text) => (line += text) }).error({ err: thrown }, 'it went wrong');
  expect(JSON.parse(line)).toMatchObject({ level: 'error', msg: 'it went wrong' });
  // A logger leaves a field out that is undefined.
  if (thrown !== undefined) expect(line).toContain(words.replaceAll('\n', '\\n'));
  const error = toError(thrown);
  expect(error).toBeInstanceOf(DatasetGanError);
  expect(error.message).not.toBe('');
  expect(typeof mayPass(error, 0)).toBe('boolean');
  expect(messageOf(thrown)).not.toBe('');
});

test('the chain of causes: each once, at most eight', () => {
  const [a, b] = [cycle(), 'text'];
  expect(causesOf(a)).toEqual([a, a.cause]);
  expect(causesOf(new Error('x', { cause: b }))).toHaveLength(2);
  expect(causesOf(deep(100))).toHaveLength(8);
  expect(causesOf(undefined)).toEqual([undefined]);
});

test('a lost connection is found below other errors', () => {
  const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  expect(mayPass(toError(new Error('the query failed', { cause: lost })), 5)).toBe(true);
});
