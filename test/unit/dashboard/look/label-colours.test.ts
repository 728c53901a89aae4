import { expect, test } from 'vitest';
import { coloursOf, OTHERS, shownLabels, spareColour } from '../../../../src/dashboard/pages/look/label-colours.ts';
import type { Rgb } from '../../../../src/dashboard/pages/look/overlay.ts';

const project = {
  labels: ['Background', 'Hair', 'Face'],
  keypoints: [],
  colours: { labels: [null, 'red', 'blue'], keypoints: [] },
};
const parse = (css: string): Rgb => (css === 'red' ? [255, 0, 0] : [0, 0, 255]);
const shown = shownLabels(project, parse);

test("labels have the label config's colours", () => {
  expect(shown.map(({ name, colour }) => [name, colour])).toEqual([
    ['Background', [128, 128, 128]],
    ['Hair', [255, 0, 0]],
    ['Face', [0, 0, 255]],
  ]);
});

test('a version may number its labels otherwise, and the truth writes them otherwise', () => {
  expect(coloursOf(['background', 'face', 'hair'], shown, new Set(['Background']))).toEqual([
    undefined,
    [0, 0, 255],
    [255, 0, 0],
  ]);
  expect(coloursOf(['Background', 'Hair'], shown, new Set(['Background', 'Hair']))).toEqual([undefined, undefined]);
});

test('a label that the project no longer has keeps a colour of its own', () => {
  const labels = ['ground', 'Hair', 'Hat', 'Scarf'];
  expect(coloursOf(labels, shown, new Set())).toEqual([undefined, [255, 0, 0], spareColour(2), spareColour(3)]);
  expect(coloursOf(labels, shown, new Set([OTHERS]))[2]).toBeUndefined();
});

test('spare colours are bytes and differ from each other', () => {
  const colours = Array.from({ length: 40 }, (_, index) => spareColour(index));
  for (const channel of colours.flat()) expect(channel).toBe(Math.min(255, Math.max(0, Math.round(channel))));
  expect(new Set(colours.map(String)).size).toBe(40);
});
