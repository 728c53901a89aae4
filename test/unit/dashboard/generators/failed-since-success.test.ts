import { expect, test } from 'vitest';
import type { Job } from '../../../../src/api/answers.ts';
import { failedSinceSuccess } from '../../../../src/dashboard/pages/generators/failed-since-success.ts';

const importJob = (id: string, state: Job['state']): Job => ({
  id,
  kind: 'import',
  file: `${id}.pkl`,
  state,
  done: 0,
  total: 0,
  rate: null,
  eta: null,
  phase: null,
});
const left = (...imports: readonly Job[]) => failedSinceSuccess(imports).map(({ id }) => id);

test('a failed import stays until one succeeds after it', () => {
  const old = importJob('old', 'failed');
  expect(left()).toEqual([]);
  expect(left(importJob('new', 'running'), importJob('cancelled', 'cancelled'), old)).toEqual(['old']);
  expect(left(importJob('newer', 'failed'), old)).toEqual(['newer', 'old']);
  expect(left(importJob('newer', 'failed'), importJob('good', 'completed'), old)).toEqual(['newer']);
  expect(left(importJob('good', 'completed'), old)).toEqual([]);
});
