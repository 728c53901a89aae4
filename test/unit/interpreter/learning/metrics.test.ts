import { expect, test } from 'vitest';
import {
  addToConfusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
  meanOverLabels,
  pixelAccuracy,
} from '../../../../src/interpreter/learning/metrics.ts';

test('IoU, mIoU and accuracy of a small picture, by hand', () => {
  const confusion = emptyConfusion(4);
  addToConfusion(confusion, [0, 0, 0, 1, 1, 2, 255, 255], [0, 0, 1, 1, 0, 2, 1, 0]);
  // 0: 2 of {0,0,0,1} ∪ → 2/(3+1); 1: 1/(2+1); 2: 1/1; 3 is nowhere; 255 is not counted.
  expect(intersectionOverUnion(confusion)).toEqual([2 / 4, 1 / 3, 1, null]);
  expect(meanIntersectionOverUnion([2 / 4, 1 / 3, 1, null])).toBeCloseTo((0.5 + 1 / 3 + 1) / 3, 12);
  expect(pixelAccuracy(confusion)).toBeCloseTo(4 / 6, 12);
  expect(meanIntersectionOverUnion([null])).toBeNull();
});

test('a mean needs two labels beside the background: that one is high whatever is learnt', () => {
  expect(meanOverLabels([0.99, null, null])).toBeNull();
  expect(meanOverLabels([0.99, 0.1, null])).toBeNull();
  expect(meanOverLabels([0.9, 0.5, null, 0.1])).toBeCloseTo(0.5, 12);
  expect(meanOverLabels([null, 0.5, 0.1])).toBeCloseTo(0.3, 12);
});

test('pictures are pooled, and a pixel may count for several', () => {
  const confusion = emptyConfusion(2);
  addToConfusion(confusion, [0, 1], [0, 0], [10, 2.5]);
  addToConfusion(confusion, [1], [1]);
  expect([...confusion.counts]).toEqual([10, 0, 2.5, 1]);
});
