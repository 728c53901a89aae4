import { expect, test } from 'vitest';
import { inputOf } from '../../../../src/jobs/queue/job-kinds.ts';

const job = (input: Record<string, unknown>) => ({ id: 'j', input });

test('the input of a stored job is given as it is', () => {
  const input = { seeds: [1, 2], projectKey: 'p', later: true };
  expect(inputOf(job(input), 'seed')).toBe(input);
  expect(inputOf(job({ projectKey: 'p', seeds: [], classes: 'all' }), 'seed')).toMatchObject({ classes: 'all' });
  for (const none of [{}, { projectKey: 'p' }]) expect(inputOf(job(none), 'reconcile')).toBe(none);
  expect(inputOf(job({}), 'connect')).toEqual({});
  expect(inputOf(job({ file: '/a.pkl', rows: { from: 0, to: 9 } }), 'import')).toMatchObject({ file: '/a.pkl' });
});

test('an input that is damaged is named', () => {
  expect(() => inputOf(job({ projectKey: 'p' }), 'publish')).toThrow(/the input of job j \(publish\) .*: datasetId: /);
  expect(() => inputOf(job({ projectKey: 'p', datasetId: 'd', formats: ['gif'] }), 'export')).toThrow(/: formats\.0: /);
});
