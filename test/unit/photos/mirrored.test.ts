import { expect, test } from 'vitest';
import { UNLABELLED } from '../../../src/interpreter/sampling/annotation.ts';
import { mirroredPhoto, withMirrored } from '../../../src/photos/mirrored.ts';

const U = UNLABELLED;
const annotated = {
  image: { photo: 'a' },
  labelMap: { width: 4, height: 2, data: Uint8Array.of(1, 0, 2, U, 0, 0, U, U) },
  keypoints: [{ x: 0.5, y: 1 }, null],
  shownWidth: 3,
};
const names = { labels: ['background', 'left ear', 'right ear'], keypoints: ['left eye', 'right eye'] };

test('what is left in a photograph is right in its mirror image, and the padding stays', () => {
  const [own, mirrored, ...more] = withMirrored([annotated], names);
  expect(more).toEqual([]);
  expect(own).toBe(annotated);
  expect(mirrored!.image).toEqual({ photo: 'a', mirrored: true });
  expect([...mirrored!.labelMap.data]).toEqual([1, 0, 2, U, U, 0, 0, U]);
  expect(mirrored!.keypoints).toEqual([null, { x: 2.5, y: 1 }]);
});

test('names without a side stay what they are', () => {
  const [, mirrored] = withMirrored([annotated], { labels: ['background', 'hair', 'nose'], keypoints: ['nose', 'tail'] });
  expect([...mirrored!.labelMap.data]).toEqual([2, 0, 1, U, U, 0, 0, U]);
  expect(mirrored!.keypoints).toEqual([{ x: 2.5, y: 1 }, null]);
});

test('nothing is mirrored where a side has no partner', () => {
  expect(withMirrored([annotated], { ...names, labels: ['background', 'left ear', 'nose'] })).toEqual([annotated]);
});

test('the columns of a photograph are turned round, row by row', () => {
  const frame = { width: 30, height: 20, side: 3 };
  const rgb = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19);
  expect([...mirroredPhoto({ frame, rgb }).rgb]).toEqual([7, 8, 9, 4, 5, 6, 1, 2, 3, 17, 18, 19, 14, 15, 16, 11, 12, 13]);
});
