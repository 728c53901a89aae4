import { expect, test } from 'vitest';
import { describeProject } from '../../../src/cli/show-project.ts';
import { PROJECT } from '../../integration/server/recording-backend.ts';

const point = (annotatedImages: number, mIoU: number) => ({ version: 'dg-1', annotatedImages, mIoU, forecast: null });

test('a project: its address, its problem, its curve with the newest forecast', () => {
  const forecast = { more: 8, gain: 0.021, interval: [0.004, 0.04] as const };
  const learningCurve = [point(4, 0.63), { ...point(16, 0.7512), forecast }];
  expect(describeProject({ ...PROJECT, problem: 'It has no Image.', learningCurve })).toEqual([
    'Faces  http://localhost:8080/projects/7/data  connected',
    'It has no Image.',
    '2 annotated, version dg-000000000001',
    '',
    'How far to go',
    '  4 annotated: 0.63',
    '  16 annotated: 0.75; 8 more: about +0.02 (+0.00 to +0.04)',
  ]);
});

test('annotations to look at again, with their addresses', () => {
  const slip = { label: 'Nose', seen: 'Mouth', share: 0.912, usualShare: 0.02, pixels: 300 };
  const url = 'http://localhost:8080/projects/7/data?task=12';
  const slips = { version: 'dg-1', regions: [{ task: 12, url, ...slip }] };
  expect(describeProject({ ...PROJECT, slips }).slice(-2)).toEqual([
    'Annotations to look at again',
    `  task 12: 91 % of Nose looks like Mouth (2 % in other pictures)  ${url}`,
  ]);
});

test('before the first validation there is no curve, and before four pictures no forecast', () => {
  expect(describeProject({ ...PROJECT, learningCurve: [] })).toHaveLength(2);
  expect(describeProject({ ...PROJECT, learningCurve: [point(2, 0.5)] }).at(-1)).toBe(
    '  2 annotated: 0.50; a forecast needs more versions',
  );
});
