import { expect, test } from 'vitest';
import type { Job, LearningCurve } from '../../../src/api/answers.ts';
import { curveLines, keypointLines, labelLines } from '../../../src/dashboard/pages/project/curve-lines.ts';
import { histogramBars } from '../../../src/dashboard/pages/project/histogram-bars.ts';
import { checkSeedForm } from '../../../src/dashboard/pages/project/seed-order.ts';
import { failedJobs, jobsOf } from '../../../src/dashboard/pages/project/shown-jobs.ts';
import { taskMentions } from '../../../src/dashboard/pages/project/task-mentions.ts';

const point = (annotatedImages: number, mIoU: number, iou: Record<string, number | null> = {}): LearningCurve[number] => ({
  version: `dg-${annotatedImages}`,
  annotatedImages,
  mIoU,
  iou,
  forecast: null,
});

test('the forecast begins at the last measured point and stays within 0 and 1', () => {
  const forecast = { more: 8, gain: 0.05, interval: [-0.02, 0.4] as const };
  const lines = curveLines([point(2, 0.5), { ...point(4, 0.7), forecast }]);
  expect(lines).toEqual({
    x: [2, 4, 12],
    measured: [0.5, 0.7, null],
    expected: [null, 0.7, 0.75],
    upper: [null, 0.7, 1],
    lower: [null, 0.7, 0.6799999999999999],
  });
  expect(curveLines([point(2, 0.5)])).toMatchObject({ x: [2], measured: [0.5], expected: [null], upper: [null] });
  expect(curveLines([])).toMatchObject({ x: [], measured: [] });
});

test('a line for each label that was ever measured, also for one that is no label any more', () => {
  const curve = [point(2, 0.5, { Hair: 0.5, Hat: null }), point(4, 0.6, { Hair: 0.6, Hat: null, Old: 0.1 })];
  expect(labelLines(curve, ['Background', 'Hat', 'Hair'])).toEqual([
    { name: 'Hair', y: [0.5, 0.6], index: 2 },
    { name: 'Old', y: [null, 0.1], index: -1 },
  ]);
  // Names of what every object has are labels like any others.
  expect(labelLines([point(2, 0.5, { Hair: 0.5 })], ['constructor', 'Hair']).map(({ name }) => name)).toEqual(['Hair']);
  const keypoints = { nose: { pck: 0.75, medianPx: 1.5 }, chin: { pck: null, medianPx: null } };
  expect(keypointLines([{ version: 'dg-1', annotatedImages: 2, pck: 0.75, keypoints }], ['chin', 'nose'])).toEqual([
    { name: 'nose', y: [0.75], index: 1 },
  ]);
});

test('tasks that a note names', () => {
  expect(taskMentions('Task 9: the mask has another size. See task 12.')).toEqual([
    { text: 'Task 9', task: 9 },
    { text: ': the mask has another size. See ' },
    { text: 'task 12', task: 12 },
    { text: '.' },
  ]);
  expect(taskMentions('<b>subtask 9</b>')).toEqual([{ text: '<b>subtask 9</b>' }]);
});

test('the form for more pictures is checked as it is typed', () => {
  const check = (count: string, candidates = '', trained = true) => checkSeedForm({ count, candidates }, trained);
  expect(check('16')).toEqual({ order: { count: 16 }, errors: {} });
  expect(check(' 16 ', '500')).toEqual({ order: { count: 16, candidates: 500 }, errors: {} });
  for (const wrong of ['', '0', '-1', '1.5', '100001', 'ten', '1e3']) {
    expect(check(wrong).order).toBeUndefined();
    expect(check(wrong).errors.count).toMatch(/from 1 to 100/);
  }
  expect(check('16', '10001').errors.candidates).toMatch(/from 1 to 10/);
  expect(check('16', '15')).toMatchObject({ order: undefined, errors: { candidates: expect.stringMatching(/at least/) } });
  expect(check('16', '500', false).errors.candidates).toMatch(/version/);
});

test('jobs of one project, and those that failed last', () => {
  const job = (id: string, change: Partial<Job>): Job => ({
    id,
    kind: 'train',
    state: 'completed',
    done: 0,
    total: 0,
    rate: null,
    eta: null,
    phase: null,
    ...change,
  });
  const [host, other] = ['http://a.example', 'http://b.example'];
  const jobs = [
    job('1', { project: { id: 7, host } }),
    job('2', { project: { id: 7, host: other } }),
    job('3', { project: { id: 8, host } }),
    job('4', {}),
  ];
  expect(jobsOf(jobs, { id: 7, host }).map(({ id }) => id)).toEqual(['1']);
  const ended = [
    job('5', { state: 'running' }),
    job('6', { state: 'failed' }),
    job('7', {}),
    job('8', { kind: 'seed' }),
    job('9', { kind: 'seed', state: 'failed' }),
  ];
  expect(failedJobs(ended).map(({ id }) => id)).toEqual(['6']);
});

test('bars of a histogram stand at the middle of their bins', () => {
  expect(histogramBars({ width: 0.1, counts: [3, 0] }, 100)).toEqual({ x: [5, 15.000000000000002], y: [3, 0] });
});
