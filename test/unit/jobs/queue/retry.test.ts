import { expect, test } from 'vitest';
import { DatasetGanError, type ErrorCode, toError } from '../../../../src/errors.ts';
import { mayPass, retryDelay } from '../../../../src/jobs/queue/retry.ts';

const error = (code: ErrorCode) => new DatasetGanError(code, 'x');

test('what may pass by itself is tried again', () => {
  expect(mayPass(error('label-studio-down'), 5)).toBe(true);
  expect(mayPass(error('training-refused'), 0)).toBe(false);
  expect(mayPass(error('label-studio-unauthorized'), 0)).toBe(false);
  expect(mayPass(error('engine-crashed'), 0)).toBe(false);
  expect(mayPass(error('disk-full'), 0)).toBe(false);
});

test('the unforeseen is tried twice', () => {
  expect(mayPass(error('internal'), 0)).toBe(true);
  expect(mayPass(error('internal'), 1)).toBe(false);
});

test.each([
  Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' }),
  Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }),
  Object.assign(new Error('sorry, too many clients already'), { code: '53300' }),
  new Error('Connection terminated unexpectedly'),
])('a lost database comes back: %s', (cause) => {
  expect(mayPass(toError(cause), 5)).toBe(true);
});

test('a mistake in a statement stays one', () => {
  const cause = Object.assign(new Error('relation "x" does not exist'), { code: '42P01' });
  expect(mayPass(toError(cause), 1)).toBe(false);
});

test('the pauses double up to five minutes', () => {
  expect([1, 2, 3, 4, 8, 9, 30].map(retryDelay)).toEqual([2, 4, 8, 16, 256, 300, 300]);
});
