import { expect, test } from 'vitest';
import { annotationOrigins } from '../../../../src/jobs/engine-tasks/decode-annotations.ts';
import { markSet } from '../../../../src/jobs/training/pull-project.ts';

const body = (tasks: unknown) => new TextEncoder().encode(JSON.stringify({ tasks }));

test('what an annotation began as: its prediction row, and the version in the ids of its regions', () => {
  const region = (id: string) => ({ id, type: 'brushlabels', value: {} });
  const tasks = [
    {
      id: 5,
      data: { image: '/data/upload/1/a.png' },
      meta: { a: 1 },
      annotations: [
        { id: 1, parent_prediction: 3, result: [region('dg-0123456789ab.4')] },
        { id: 2, parent_prediction: 3, result: [region('free-hand')] },
        { id: 3, parent_prediction: null, result: [] },
      ],
    },
    { id: 6, meta: null, annotations: [{ id: 4, result: [null, { id: 55 }] }, 'none'] },
    'no task',
    { id: 'none' },
  ];
  expect(annotationOrigins(body(tasks))).toEqual([
    { task: 5, data: { image: '/data/upload/1/a.png' }, meta: { a: 1 }, rows: [3], versions: ['dg-0123456789ab'] },
    { task: 6, data: {}, meta: null, rows: [], versions: [] },
  ]);
});

test('the set of annotations is equal whatever order they come in, and differs for a skip', () => {
  const mark = (id: number, wasCancelled = false) => ({ task: 1, id, updatedAt: `t${id}`, wasCancelled, untouched: false });
  expect(markSet([mark(2), mark(1)])).toEqual(markSet([mark(1), mark(2)]));
  expect(markSet([mark(1, true)])).not.toEqual(markSet([mark(1)]));
});
