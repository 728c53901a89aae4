import { expect, test } from 'vitest';
import { heldOutOf } from '../../../../../src/jobs/datasets/report/held-out.ts';
import type { Version } from '../../../../../src/store/schema.ts';

const version = (validation: Version['validation'], result: Version['validation_result']) => ({
  id: 'dg-000000000000',
  labels: ['Background', 'hair', 'face'],
  validation,
  validation_result: result,
});

test('IoU by label; what was not measured stays so', () => {
  const result = { mIoU: 0.75, iou: [0.9, null, 0.6] };
  expect(heldOutOf(version('done', result))).toEqual({
    missing: null,
    mIoU: 0.75,
    iou: [
      ['Background', 0.9],
      ['hair', null],
      ['face', 0.6],
    ],
    keypoints: [],
  });
  expect(heldOutOf(version('done', { ...result, mIoU: null }))).toMatchObject({ missing: null, mIoU: null });
});

test('keypoints by name, where they were measured', () => {
  const keypoints = { pck: [0.75, null], medianError: [2.5, null], meanPck: 0.75 };
  expect(heldOutOf(version('done', { mIoU: null, iou: [], keypoints }), ['nose', 'chin']).keypoints).toEqual([
    ['nose', 0.75, 2.5],
    ['chin', null, null],
  ]);
  expect(heldOutOf(version('done', { mIoU: null, iou: [] }), ['nose']).keypoints).toEqual([['nose', null, null]]);
});

test('says why there are no figures', () => {
  expect(heldOutOf(version('pending', null)).missing).toContain('not run yet');
  for (const result of [null, {}, { mIoU: null, iou: [null, null, null] }])
    expect(heldOutOf(version('none', result))).toMatchObject({
      missing: expect.stringContaining('at least two pictures'),
      mIoU: null,
    });
});
