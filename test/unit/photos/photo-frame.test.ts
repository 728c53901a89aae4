import { expect, test } from 'vitest';
import { UNLABELLED } from '../../../src/interpreter/sampling/annotation.ts';
import { labelsInFrame, labelsOfPhoto, pointOfPhoto, shownSize } from '../../../src/photos/photo-frame.ts';
import { pointInFrame } from '../../support/point-in-frame.ts';

test.each([
  [
    { width: 640, height: 480, side: 256 },
    { width: 256, height: 192 },
  ],
  [
    { width: 480, height: 640, side: 256 },
    { width: 192, height: 256 },
  ],
  [
    { width: 20, height: 20, side: 256 },
    { width: 256, height: 256 },
  ],
  [
    { width: 5000, height: 1, side: 256 },
    { width: 256, height: 1 },
  ],
])('%o is shown as large as its square allows', (frame, shown) => {
  expect(shownSize(frame)).toEqual(shown);
});

test('labels go into the top left corner, and the rest is unlabelled', () => {
  const map = { width: 4, height: 2, data: Uint8Array.of(1, 1, 2, 2, 3, 3, 4, 4) };
  const { data } = labelsInFrame(map, { width: 4, height: 2, side: 2 });
  expect([...data]).toEqual([3, 4, UNLABELLED, UNLABELLED]);
});

test('labels that come back from a square of any size are those that went in', () => {
  const map = {
    width: 30,
    height: 20,
    data: Uint8Array.from({ length: 600 }, (_, i) => Math.floor(i / 300) * 2 + (i % 30 < 15 ? 0 : 1)),
  };
  for (const side of [30, 60, 64, 300]) {
    const frame = { width: 30, height: 20, side };
    expect(labelsOfPhoto(labelsInFrame(map, frame).data, frame)).toEqual(map);
  }
});

test('points go the same way as labels', () => {
  const frame = { width: 640, height: 480, side: 256 };
  expect(pointInFrame({ x: 640, y: 240 }, frame)).toEqual({ x: 256, y: 96 });
  const { x, y } = pointOfPhoto(pointInFrame({ x: 12.5, y: 400.25 }, frame), frame);
  expect([x, y]).toEqual([expect.closeTo(12.5, 9), expect.closeTo(400.25, 9)]);
});
