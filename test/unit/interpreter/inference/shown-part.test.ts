import { expect, test } from 'vitest';
import { shownPart } from '../../../../src/interpreter/inference/shown-part.ts';

test('the padding of a square is left out, and a picture without padding is not copied', () => {
  const map = Float32Array.from({ length: 12 }, (_, i) => i);
  expect([...shownPart(map, 4, { width: 3, height: 2 })]).toEqual([0, 1, 2, 4, 5, 6]);
  expect([...shownPart(map, 4, { width: 4, height: 2 })]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(shownPart(map, 4, { width: 4, height: 3 })).toBe(map);
});
