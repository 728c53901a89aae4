import { expect, test } from 'vitest';
import { DatasetGanError } from '../../../src/errors.ts';
import { databaseProblem } from '../../../src/store/database-problem.ts';

const thrown = (message: string, code?: string) => Object.assign(new Error(message), code === undefined ? {} : { code });

test.each([
  [thrown('invalid page in block 0 of relation "base/5/16390"', 'XX001'), 'corrupt-file', 'datasetgan restore FILE'],
  [thrown('index "jobs_key" contains unexpected zero page', 'XX002'), 'corrupt-file', 'datasetgan restore FILE'],
  [thrown('could not open file "base/5/16390": No such file or directory', '58P01'), 'corrupt-file', 'datasetgan restore FILE'],
  [thrown('could not read block 3 in file "base/5/16390"'), 'corrupt-file', 'Check the disk'],
  [thrown('corrupted migrations: previously executed migration 0099-later is missing'), 'wrong-release', 'newest release'],
  [thrown('permission denied for database label_studio', '42501'), 'bad-settings', 'create a schema'],
  [thrown('connection terminated unexpectedly', '57P01'), 'database-down', 'Start again'],
  [thrown(''), 'database-down', 'Start again'],
])('%s → %s', (cause, code, fix) => {
  const problem = databaseProblem(cause, 'in /data/postgres');
  expect(problem).toMatchObject({ code, cause, fix: expect.stringContaining(fix) });
  expect(problem.message).toContain('in /data/postgres');
});

test('what says itself what it is stays', () => {
  const full = new DatasetGanError('disk-full', 'The disk is full.');
  expect(databaseProblem(full, 'anywhere')).toBe(full);
});
