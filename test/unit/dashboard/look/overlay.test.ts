import { expect, test } from 'vitest';
import {
  differingShare,
  type Grey,
  HOTTEST,
  heatColour,
  heatPalette,
  labelPalette,
  paint,
} from '../../../../src/dashboard/pages/look/overlay.ts';

const grey = (...data: number[]): Grey => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

test('each pixel has the colour of its label, hidden and unknown ones are clear', () => {
  const palette = labelPalette([undefined, [10, 20, 30], [255, 0, 128]]);
  expect([...paint(grey(1, 0, 2, 255, 7), palette)]).toEqual([
    ...[10, 20, 30, 255],
    ...[0, 0, 0, 0],
    ...[255, 0, 128, 255],
    ...[0, 0, 0, 0],
    ...[0, 0, 0, 0],
  ]);
});

test('an unknown pixel is never drawn, even with 256 labels', () => {
  const palette = labelPalette(Array.from({ length: 256 }, () => [1, 2, 3] as const));
  expect([...paint(grey(254, 255), palette)]).toEqual([1, 2, 3, 255, 0, 0, 0, 0]);
});

test('the more uncertain, the stronger; from HOTTEST on as hot as can be', () => {
  const palette = heatPalette();
  const at = (value: number) => [...palette.subarray(4 * value, 4 * value + 4)];
  expect(at(0)[3]).toBe(0);
  const opacities = Array.from({ length: HOTTEST + 1 }, (_, value) => at(value)[3]!);
  expect(opacities).toEqual(opacities.toSorted((a, b) => a - b));
  expect(at(HOTTEST)).toEqual(heatColour(1));
  expect(at(255)).toEqual(at(HOTTEST));
  expect(at(HOTTEST - 1)).not.toEqual(at(HOTTEST));
});

test('two maps differ where they name different labels, whatever the numbers', () => {
  const one = { map: grey(0, 1, 1, 2), labels: ['Background', 'Hair', 'Face'] };
  const other = { map: grey(0, 2, 1, 1), labels: ['background', 'face', 'hair'] };
  expect(differingShare(one, other)).toBe(0.25);
  expect(differingShare(one, { ...other, map: grey(1) })).toBeUndefined();
  const more = { map: grey(3, 2, 2, 2), labels: ['background', 'face', 'hair', 'neck'] };
  expect(differingShare(one, more)).toBe(0.25);
});
