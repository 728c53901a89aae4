import { expect, test } from 'vitest';
import type { ProjectSummary } from '../../../src/api/answers.ts';
import { firstSteps } from '../../../src/dashboard/pages/start/first-steps.ts';
import { matchProjects } from '../../../src/dashboard/pages/start/match-projects.ts';
import { PROJECT } from '../../integration/server/recording-backend.ts';

const project = (change: Partial<ProjectSummary>): ProjectSummary => ({ ...PROJECT, ...change });
const steps = (projects: readonly ProjectSummary[], ordered: boolean) =>
  firstSteps(projects, ordered).map(({ name, done, project: of }) => [name, done, of?.id]);

test('the first steps, and the project to go on with', () => {
  const fresh = project({ id: 1, currentVersion: null });
  expect(steps([], false)).toEqual([
    ['connect', false, undefined],
    ['label', false, undefined],
    ['order', false, undefined],
  ]);
  expect(steps([project({ state: 'connecting' }), project({ kind: 'orders' })], false)[0]).toEqual(['connect', false, undefined]);
  expect(steps([fresh], false)).toEqual([
    ['connect', true, 1],
    ['label', false, 1],
    ['order', false, undefined],
  ]);
  expect(steps([fresh, project({ id: 2 })], true)).toEqual([
    ['connect', true, 2],
    ['label', true, 2],
    ['order', true, 2],
  ]);
});

test('projects are found by all words, labelling projects first, numbers by size', () => {
  const projects = [
    project({ id: 1, title: 'Cats 10' }),
    project({ id: 2, title: 'Orders of cats', kind: 'orders' }),
    project({ id: 3, title: 'cats 9', state: 'gone' }),
    project({ id: 4, title: '<b>Dogs</b>' }),
  ];
  const found = (search: string) => matchProjects(projects, search).map(({ id }) => id);
  expect(found('')).toEqual([4, 3, 1, 2]);
  expect(found(' CATS ')).toEqual([3, 1, 2]);
  expect(found('cats gone')).toEqual([3]);
  expect(found('<b>')).toEqual([4]);
  expect(found('none such')).toEqual([]);
});
