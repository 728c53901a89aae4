import { expect, test } from 'vitest';
import { guessInBoxes, isInCore, smallestFirst } from '../../../../src/interpreter/boxes/label-box.ts';
import { asText } from '../../masks/shapes.ts';

const face = { label: 1, left: 0, top: 0, right: 6, bottom: 3 };
const nose = { label: 2, left: 2, top: 1, right: 4, bottom: 3 };

test('a first guess draws small boxes over large ones, and leaves what is painted or in no box', () => {
  const map = { width: 8, height: 3, data: new Uint8Array(24).fill(255) };
  map.data[0] = 3;
  for (const boxes of [
    [face, nose],
    [nose, face],
  ])
    expect(asText(guessInBoxes(map, boxes))).toEqual(['311111??', '112211??', '112211??']);
  expect(map.data[1]).toBe(255);
  expect(smallestFirst([face, nose])).toEqual([nose, face]);
});

test('the core of a box is an ellipse within it', () => {
  const box = { left: 10, top: 20, right: 30, bottom: 60 };
  const drawn = { inside: 0, all: 0 };
  for (let y = box.top; y < box.bottom; y++)
    for (let x = box.left; x < box.right; x++) {
      drawn.all++;
      if (isInCore(box, x, y)) drawn.inside++;
    }
  expect(drawn.inside / drawn.all).toBeCloseTo((Math.PI / 4) * 0.8 ** 2, 1);
  expect(isInCore(box, 10, 20)).toBe(false);
  expect(isInCore(box, 19, 39)).toBe(true);
  expect(isInCore({ left: 5, top: 5, right: 6, bottom: 6 }, 5, 5)).toBe(true);
});
