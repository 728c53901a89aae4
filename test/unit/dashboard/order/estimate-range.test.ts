import { expect, test } from 'vitest';
import type { OrderEstimate } from '../../../../src/api/answers.ts';
import { isTight, secondsRange } from '../../../../src/dashboard/pages/order/estimate-range.ts';

const ESTIMATE: OrderEstimate = {
  candidates: 100,
  mostCandidates: 500,
  seconds: { pairs: 40, project: 5, files: 1 },
  basis: 'pairs',
  waiting: 0,
  bytes: 6e9,
  bytesFree: 10e9,
  version: 'dg-1',
  filter: 0.1,
  psi: 1,
  cutoff: null,
  seedStart: 1_000_000,
  formats: ['index-png'],
  fits: ['index-png'],
};

test('with rules making takes up to five times as long, delivering as long as ever', () => {
  expect(secondsRange(ESTIMATE)).toEqual({ least: 46, most: 206 });
  expect(secondsRange({ ...ESTIMATE, mostCandidates: 100 })).toEqual({ least: 46, most: 46 });
});

test('over half of the free space is tight; a bucket never is', () => {
  expect(isTight(ESTIMATE)).toBe(true);
  expect(isTight({ ...ESTIMATE, bytes: 4e9 })).toBe(false);
  expect(isTight({ ...ESTIMATE, bytesFree: null })).toBe(false);
});
