import { expect, test } from 'vitest';
import { describeProject } from '../../../src/cli/show-project.ts';
import { PROJECT } from '../../integration/server/recording-backend.ts';

const ANNOTATIONS = PROJECT.annotations;
/** Its annotations were read without a word. */
const QUIET = { ...PROJECT, annotations: { ...ANNOTATIONS, rejected: [], notes: [] } };
const point = (annotatedImages: number, mIoU: number) => ({ version: 'dg-1', annotatedImages, mIoU, iou: {}, forecast: null });

test('a project: its address, its problem, its curve with the newest forecast', () => {
  const forecast = { more: 8, gain: 0.021, interval: [-0.012, 0.04] as const };
  const learningCurve = [point(4, 0.63), { ...point(16, 0.7512), forecast }];
  expect(describeProject({ ...QUIET, problem: 'It has no Image.', learningCurve })).toEqual([
    'Faces  http://localhost:8080/projects/7/data  connected',
    'It has no Image.',
    '2 annotated, version dg-000000000001',
    '',
    'How far to go',
    '  4 annotated: 0.63',
    '  16 annotated: 0.75; 8 more: about +0.02 (-0.01 to +0.04)',
  ]);
});

test('how well the newest validated version finds keypoints', () => {
  const [version] = PROJECT.versions;
  const keypointErrors = { chin: { pck: 0.938, medianPx: 1.84 }, 'ear-left': { pck: null, medianPx: null } };
  const { keypointErrors: _, ...pending } = version!;
  expect(describeProject({ ...PROJECT, versions: [pending, { ...version!, keypointErrors }] }).slice(-3)).toEqual([
    'Keypoints, in pictures that were not learnt from',
    '  chin: 94 % found, median error 1.8 px',
    '  ear-left: only one picture shows it',
  ]);
});

test('what could not be read of the annotations, and what was assumed', () => {
  const notes = ['no stroke names these labels yet, so they are not predicted: Nose'];
  expect(describeProject({ ...PROJECT, annotations: { ...ANNOTATIONS, notes } }).slice(2, 6)).toEqual([
    '',
    'What was read of the annotations',
    '  Task 9: the mask has another size.',
    '  no stroke names these labels yet, so they are not predicted: Nose',
  ]);
});

test('annotations to look at again, with their addresses', () => {
  const slip = { label: 'Nose', seen: 'Mouth', share: 0.912, usualShare: 0.02, pixels: 300 };
  const url = 'http://localhost:8080/projects/7/data?task=12';
  const point12 = { task: 12, url, keypoint: 'eye-left', distance: 39.8, usualDistance: 2.1, markedThere: 'eye-right' };
  const slips = { version: 'dg-1', regions: [{ task: 12, url, ...slip }], points: [point12] };
  expect(describeProject({ ...PROJECT, slips }).slice(-3)).toEqual([
    'Annotations to look at again',
    `  task 12: 91 % of Nose looks like Mouth (2 % in other pictures)  ${url}`,
    `  task 12: eye-left is 40 px from where it is seen (2 px in other pictures); eye-right is marked there  ${url}`,
  ]);
});

test('how far people agree, and whose annotation counts', () => {
  const url = 'http://localhost:8080/projects/7/data?task=12';
  const counted = { annotation: 31, user: 2 };
  const other = { annotation: 28, user: 1 };
  const agreement = {
    labels: { Hair: { iou: 0.931, pictures: 2 } },
    keypoints: { nose: { distance: 2.06, pictures: 1 } },
    pictures: [{ task: 12, url, counted, other, iou: { Hair: 0.9 }, distances: { nose: 2.06 } }],
  };
  expect(describeProject({ ...PROJECT, agreement }).slice(-4)).toEqual([
    'Pictures that several people annotated',
    '  Hair: IoU 0.93 in 2 pictures',
    '  nose: 2.1 px apart in 1 picture',
    `  task 12: annotation 31 of user 2 counts, annotation 28 of user 1 does not  ${url}`,
  ]);
  const many = { ...agreement, pictures: Array.from({ length: 12 }, () => agreement.pictures[0]!) };
  expect(describeProject({ ...PROJECT, agreement: many }).at(-1)).toBe('  and 2 more');
});

test('before the first validation there is no curve, and before four pictures no forecast', () => {
  expect(describeProject({ ...QUIET, learningCurve: [] })).toHaveLength(2);
  expect(describeProject({ ...PROJECT, learningCurve: [point(2, 0.5)] }).at(-1)).toBe(
    '  2 annotated: 0.50; a forecast needs more versions',
  );
});
