import { expect, test } from 'vitest';
import { describes, description, stateInWords } from '../../../../../src/jobs/datasets/publish/describe-dataset.ts';

test('what a project says of its dataset is true in every state', () => {
  const states = ['queued', 'running', 'paused', 'cancelled', 'failed'] as const;
  expect(states.map((state) => stateInWords(state, 50, 60))).toEqual([
    '50 of 60',
    '50 of 60',
    '50 of 60, paused',
    '50 of 60, cancelled',
    '50 of 60, failed',
  ]);
  expect(description({ id: 'abc' }, stateInWords('completed', 60, 60))).toBe('DatasetGAN dataset abc: complete, 60 pairs');
});

test('a project is known for that of a dataset by our own words, not by any that name it', () => {
  const dataset = { id: 'abc' };
  expect(describes(description(dataset, '3 of 60'), dataset)).toBe(true);
  expect(describes(description({ id: 'abcd' }, '3 of 60'), dataset)).toBe(false);
  for (const said of ['Corrections of DatasetGAN dataset abc: second round', 'made from abc', '', null, undefined])
    expect(describes(said, dataset)).toBe(false);
});
