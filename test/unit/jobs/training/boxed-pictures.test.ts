import { expect, test } from 'vitest';
import { summariseAnnotation } from '../../../../src/interpreter/versions/version-id.ts';
import { boxedPictures } from '../../../../src/jobs/training/boxed-pictures.ts';

test('what the outside of boxes means is said where some are drawn', () => {
  const map = { width: 4, height: 4, data: new Uint8Array(16) };
  const plain = { summary: summariseAnnotation(map, 2) };
  const boxed = { summary: summariseAnnotation(map, 2, [{ label: 1, left: 0, top: 0, right: 2, bottom: 2 }]) };
  expect(boxedPictures([plain, { summary: null }])).toEqual([]);
  const meaning = 'what is outside of all boxes and not painted counts as background';
  expect(boxedPictures([plain, boxed])).toEqual([`1 picture has boxes: ${meaning}`]);
  expect(boxedPictures([boxed, boxed])).toEqual([`2 pictures have boxes: ${meaning}`]);
});
