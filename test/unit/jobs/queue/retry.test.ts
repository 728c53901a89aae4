import { expect, test } from 'vitest';
import { DatasetGanError, type ErrorCode } from '../../../../src/errors.ts';
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

test('the pauses double up to five minutes', () => {
  expect([1, 2, 3, 4, 8, 9, 30].map(retryDelay)).toEqual([2, 4, 8, 16, 256, 300, 300]);
});
