import { expect, test } from 'vitest';
import { boxedRows } from '../../../../src/interpreter/boxes/boxed-rows.ts';

const known = { width: 10, height: 10, data: new Uint8Array(100).fill(255) };
known.data[0] = 0;
known.data[11] = 3;
const boxes = [
  { label: 3, left: 1, top: 1, right: 9, bottom: 9 },
  { label: 2, left: 4, top: 4, right: 7, bottom: 7 },
];

test('a pixel in boxes may have the class of each of them, or that of the background', () => {
  const data = { pixels: Int32Array.of(0, 11, 12, 55, 0), starts: [0, 4, 5] };
  const plain = { known, boxes: [] };
  expect(boxedRows(data, [{ known, boxes }, plain], [0, 2, 3])).toEqual([
    null,
    null,
    { possible: [0, 2], isCore: false },
    { possible: [0, 1, 2], isCore: true },
    null,
  ]);
  expect(boxedRows({ pixels: Int32Array.of(0), starts: [0, 1] }, [plain], [0, 2, 3])).toBeNull();
});

test('without any annotated background, a pixel in boxes has the class of one of them', () => {
  expect(boxedRows({ pixels: Int32Array.of(55), starts: [0, 1] }, [{ known, boxes }], [2, 3])).toEqual([
    { possible: [0, 1], isCore: true },
  ]);
});
