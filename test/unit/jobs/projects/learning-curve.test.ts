import { expect, test } from 'vitest';
import type { VersionSummary } from '../../../../src/api/answers.ts';
import { learningCurve } from '../../../../src/jobs/projects/learning-curve.ts';
import { PROJECT } from '../../../integration/server/recording-backend.ts';

const ALL = ['Background', 'Hair', 'Face'];

const version = (
  id: string,
  annotatedImages: number,
  mIoU: number | null,
  mIoUOver: readonly string[] = ALL,
): VersionSummary => ({
  ...PROJECT.versions[0]!,
  id,
  annotatedImages,
  mIoU,
  mIoUOver,
});

test('one point for each number of pictures, of the version activated last', () => {
  const curve = learningCurve([version('c', 4, 0.6), version('pending', 5, null), version('b', 2, 0.5), version('a', 4, 0.1)]);
  expect(curve.map(({ version: id, annotatedImages, mIoU }) => [id, annotatedImages, mIoU])).toEqual([
    ['b', 2, 0.5],
    ['c', 4, 0.6],
  ]);
});

test('a forecast needs three versions over the same labels', () => {
  const early = [version('b', 3, 0.55), version('a', 2, 0.5)];
  expect(learningCurve([version('c', 4, 0.58), ...early]).at(-1)!.forecast?.more).toBe(8);
  expect(learningCurve([version('c', 4, 0.58, [...ALL, 'Hat']), ...early]).at(-1)!.forecast).toBeNull();
});
