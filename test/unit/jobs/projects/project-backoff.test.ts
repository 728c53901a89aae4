import { expect, test } from 'vitest';
import { backoffSeconds, isBackedOff } from '../../../../src/jobs/projects/project-backoff.ts';

test('a project that fails is left alone for 1, 2, 4, 8 minutes, and never for more than 10', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((failures) => backoffSeconds(failures) / 60)).toEqual([1, 2, 4, 8, 10, 10, 10]);
});

test('a look that comes by once a minute, a little early or late, asks again at the minute that was said', () => {
  const until = new Date(1_800_000_240_000);
  const asked = (seconds: number) => !isBackedOff({ rest_until: until }, until.getTime() - seconds * 1000);
  expect([240, 180, 120, 61, 31, 29, 1, 0, -1].map(asked)).toEqual([false, false, false, false, false, true, true, true, true]);
  expect(isBackedOff({ rest_until: null }, Date.now())).toBe(false);
});
