import { expect, test } from 'vitest';
import { fittedAnnotation, paddedMap } from '../../../../src/jobs/engine-tasks/fit-annotation.ts';
import { UNKNOWN } from '../../../../src/masks/label-map.ts';

/** The left half of a picture of 40 × 20 pixels. */
const half = { width: 40, height: 20, data: Uint8Array.from({ length: 800 }, (_, i) => (i % 40 < 20 ? 1 : 0)) };
const counted = {
  annotationId: 1,
  updatedAt: '2026-11-24T10:00:00Z',
  labelMap: half,
  painted: { map: half, unpainted: half.data.map((label) => 1 - label) },
  boxes: [{ label: 1, left: 3, top: 5, right: 40, bottom: 20 }],
  keypoints: [{ x: 30, y: 10, occluded: true as const }, null],
};

test('an annotation of a photograph is brought to the size that the photograph has in its square', () => {
  const size = { width: 40, height: 20, side: 8 };
  const fitted = fittedAnnotation(counted, size);
  const rows = Uint8Array.from({ length: 32 }, (_, i) => (i % 8 < 4 ? 1 : 0));
  expect(fitted.labelMap).toEqual({ width: 8, height: 4, data: rows });
  expect(fitted.painted!.map).toEqual(fitted.labelMap);
  expect(fitted.painted!.unpainted).toEqual(rows.map((label) => 1 - label));
  // A box keeps every pixel that it touches.
  expect(fitted.boxes).toEqual([{ label: 1, left: 0, top: 1, right: 8, bottom: 4 }]);
  expect(fitted.keypoints).toEqual([{ x: 6, y: 2, occluded: true }, null]);
  const padded = paddedMap(fitted.labelMap, size);
  expect([padded.width, padded.height]).toEqual([8, 8]);
  expect(padded.data.subarray(0, 32)).toEqual(rows);
  expect(padded.data.subarray(32)).toEqual(new Uint8Array(32).fill(UNKNOWN));
});

test('one of a generated picture stays as it is', () => {
  expect(fittedAnnotation(counted, { width: 40, height: 20 })).toBe(counted);
  expect(paddedMap(half, {})).toBe(half);
});

test('an annotation that says nothing about keypoints says nothing about them in the square', () => {
  expect(fittedAnnotation({ ...counted, keypoints: null }, { width: 40, height: 20, side: 8 }).keypoints).toBeNull();
});
