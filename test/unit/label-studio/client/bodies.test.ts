import { describe, expect, it } from 'vitest';
import { predictionJson } from '../../../../src/label-studio/client/predictions.ts';
import { projectUid } from '../../../../src/label-studio/client/projects.ts';
import { encodeTaskQuery, idAfter, notPredictedBy } from '../../../../src/label-studio/client/task-query.ts';
import { taskJson } from '../../../../src/label-studio/client/tasks.ts';

describe('bodies sent to Label Studio', () => {
  it('writes a prediction around the JSON of its regions', () => {
    const draft = { modelVersion: 'dg-"1"', score: 0.25, resultJson: '[{"id":"a"}]' };
    expect(JSON.parse(predictionJson(draft))).toEqual({ model_version: 'dg-"1"', score: 0.25, result: [{ id: 'a' }] });
    expect(JSON.parse(predictionJson({ ...draft, task: 7 }))).toMatchObject({ task: 7 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a score of %d', (score) => {
    expect(() => predictionJson({ modelVersion: 'v', score, resultJson: '[]' })).toThrow(RangeError);
  });

  it('writes a task with and without predictions and annotations', () => {
    const draft = { data: { image: '/a.png' }, meta: { datasetgan: { seed: 1 } } };
    expect(JSON.parse(taskJson(draft))).toEqual(draft);
    const predictions = [{ modelVersion: 'v', score: 1, resultJson: '[]' }];
    expect(JSON.parse(taskJson({ ...draft, predictions }))).toEqual({
      ...draft,
      predictions: [{ model_version: 'v', score: 1, result: [] }],
    });
    const annotations = [{ resultJson: '[{"id":"a"}]' }];
    expect(JSON.parse(taskJson({ ...draft, predictions, annotations }))).toEqual({
      ...draft,
      predictions: [{ model_version: 'v', score: 1, result: [] }],
      annotations: [{ ground_truth: false, result: [{ id: 'a' }] }],
    });
  });

  it("writes a query in the Data Manager's language", () => {
    expect(
      JSON.parse(encodeTaskQuery({ filters: [notPredictedBy('dg-1'), idAfter(5)], ids: [1, 2], order: '-updated_at' })),
    ).toEqual({
      filters: {
        conjunction: 'and',
        items: [
          { filter: 'filter:tasks:predictions_model_versions', operator: 'not_contains', type: 'List', value: ['dg-1'] },
          { filter: 'filter:tasks:id', operator: 'greater', type: 'Number', value: 5 },
        ],
      },
      selectedItems: { all: false, included: [1, 2] },
      ordering: ['-tasks:updated_at'],
    });
    expect(encodeTaskQuery({})).toBe('{}');
  });

  it('names a project as /setup does', () => {
    // From a running Label Studio: POST /setup sent project "4.1795518980".
    expect(projectUid({ id: 4, created_at: '2026-11-24T11:16:20.052183Z' })).toBe('4.1795518980');
  });
});
