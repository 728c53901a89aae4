import { expect, test } from 'vitest';
import { recordOf, validationOf } from '../../../../src/jobs/product/version-record.ts';

/** As the first release wrote it. */
const RECORD = {
  id: 'dg-0123456789ab',
  recipe: 1,
  generator: 'g',
  psi: 0.7,
  cutoff: null,
  classRule: 'none',
  labels: ['Background', 'hair'],
  annotatedLabels: [0, 1],
  shape: { dims: 8, members: 3, hidden: [128, 32], classes: 2 },
  settings: { members: 3, pixelsPerImage: 200, steps: 60, maxSteps: 60, batch: 256, learningRate: 0.001 },
  seed: 0,
  images: [
    {
      image: { generator: 'g', seed: 3, class: null, psi: 0.7, cutoff: null },
      annotation: 'a'.repeat(64),
      sampledPixels: 200,
      labelPixels: [100, 60],
    },
  ],
  notes: [],
  steps: 60,
  loss: 0.2,
  trainingAccuracy: 0.9,
  seconds: { sampling: 0.1, training: 0.2, total: 0.3 },
  weights: 'b'.repeat(64),
};

test('records of every release are read as they are', () => {
  expect(recordOf({ id: RECORD.id, record: RECORD })).toBe(RECORD);
  const later = { ...RECORD, ofANewerRelease: true };
  expect(recordOf({ id: RECORD.id, record: later })).toBe(later);
});

test('boxes and keypoints of a record and of its validation are read, and checked', () => {
  const { shape } = RECORD;
  const keypoints = {
    names: ['eye'],
    annotatedKeypoints: [0],
    sigma: 5.12,
    thresholds: [0.3],
    shape,
    steps: 60,
    loss: 0.01,
    trainingAccuracy: 1,
  };
  const boxes = [{ label: 1, left: 0, top: 5, right: 64, bottom: 32 }];
  const images = [{ ...RECORD.images[0], boxes, keypoints: [{ x: 1.5, y: 2, occluded: true }, null] }];
  const record = { ...RECORD, images, keypoints };
  expect(recordOf({ id: RECORD.id, record })).toBe(record);
  const damaged = { ...record, keypoints: { ...keypoints, thresholds: 'none' } };
  expect(() => recordOf({ id: RECORD.id, record: damaged })).toThrow(/keypoints\.thresholds: /);
  const figures = { pck: [0.9, null], medianError: [2.5, null], meanPck: 0.9 };
  expect(validationOf({ id: 'dg-1', validation_result: { mIoU: null, iou: [null], keypoints: figures } })).toEqual({
    mIoU: null,
    iou: [null],
    slips: [],
    keypoints: figures,
  });
});

test('a record that is damaged is named', () => {
  const record = { ...RECORD, images: [{ ...RECORD.images[0], image: { seed: 3 } }] };
  expect(() => recordOf({ id: RECORD.id, record })).toThrow(
    /the record of version dg-0123456789ab .*: images\.0\.image\.generator: /,
  );
});

test('figures of a validation, null where nothing was measured', () => {
  const of = (validation_result: Record<string, unknown> | null) => validationOf({ id: 'dg-1', validation_result });
  expect(of(null)).toBeNull();
  expect(of({})).toEqual({ mIoU: null, iou: [], slips: [] });
  expect(of({ mIoU: 0.5, iou: [0.5, null], confusion: [[1]], folds: 2 })).toEqual({
    mIoU: 0.5,
    iou: [0.5, null],
    slips: [],
  });
  expect(() => of({ iou: 'none' })).toThrow(/the validation of version dg-1 .*: iou: /);
});
