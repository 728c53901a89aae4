import { expect, test } from 'vitest';
import { toDataset } from '../../../../../src/dashboard/address.ts';
import { describes, description, stateInWords, withoutLinks } from '../../../../../src/jobs/datasets/publish/describe-dataset.ts';
import { pageLink } from '../../../../../src/jobs/datasets/record/dataset-link.ts';

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

test('the page is where the page itself says that the dataset is', () => {
  expect(pageLink('https://datasetgan.test/base', { id: 'abc' })).toBe(`https://datasetgan.test/base/${toDataset('abc')}`);
});

test('of a description with addresses the words stay', () => {
  const said = description({ id: 'abc' }, 'complete, 60 pairs');
  for (const links of ['', '. Page: http://a/#/datasets/abc', '. Report: /data/r.html', '. Page: http://a/#/b. Report: /r.html'])
    expect(withoutLinks(said + links)).toBe(said);
});
