import { expect, test } from 'vitest';
import { learningCurve } from '../../../../src/jobs/projects/learning-curve.ts';
import type { CurvePoint } from '../../../../src/jobs/projects/project-view.ts';
import { PROJECT } from '../../../integration/server/recording-backend.ts';

const ALL = ['Background', 'Hair', 'Face'];

const version = (id: string, annotatedImages: number, mIoU: number | null, mIoUOver: readonly string[] = ALL): CurvePoint => ({
  ...PROJECT.versions[0]!,
  id,
  annotatedImages,
  mIoU,
  mIoUOver,
});

test('a point for each version that is measured, and a forecast at the last', () => {
  const points = [version('a', 2, 0.5), version('pending', 3, null), version('b', 4, 0.6), version('c', 5, 0.62)];
  const curve = learningCurve(points);
  expect(curve.map(({ version: id, annotatedImages, mIoU }) => [id, annotatedImages, mIoU])).toEqual([
    ['a', 2, 0.5],
    ['b', 4, 0.6],
    ['c', 5, 0.62],
  ]);
  expect(curve.map((point) => point.forecast?.more)).toEqual([undefined, undefined, 8]);
});

test('a forecast needs three versions over the same labels', () => {
  const early = [version('a', 2, 0.5), version('b', 3, 0.55)];
  expect(learningCurve([...early, version('c', 4, 0.58)]).at(-1)!.forecast?.more).toBe(8);
  expect(learningCurve([...early, version('c', 4, 0.58, [...ALL, 'Hat'])]).at(-1)!.forecast).toBeNull();
});
