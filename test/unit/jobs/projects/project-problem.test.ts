import { expect, test } from 'vitest';
import { DatasetGanError, toError } from '../../../../src/errors.ts';
import { problemInWords, projectProblem } from '../../../../src/jobs/projects/project-problem.ts';

test('every problem of a project names what to do, also one that nobody foresaw', () => {
  const refused = new DatasetGanError('training-refused', 'Nothing to tell apart.', { fix: 'Annotate two labels.' });
  expect(projectProblem(refused)).toEqual({ code: 'training-refused', message: refused.message, fix: 'Annotate two labels.' });
  expect(projectProblem(toError(new TypeError('x is not a function'))).fix).toMatch(/log/);
  // As earlier releases recorded it.
  expect(projectProblem({ code: 'internal', message: 'x' }).fix).toMatch(/log/);
});

test('in words it says what, what mends it, and when it is looked at again', () => {
  expect(problemInWords({ code: 'a', message: 'It is down.' })).toBe('It is down.');
  expect(problemInWords({ code: 'a', message: 'It is down.', fix: 'Start it.', again: 'Asked again soon.' })).toBe(
    'It is down. Start it. Asked again soon.',
  );
});
