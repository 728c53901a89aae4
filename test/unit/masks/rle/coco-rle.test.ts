import { expect, test } from 'vitest';
import { connectedComponents } from '../../../../src/masks/components.ts';
import { cocoCounts, cocoText } from '../../../../src/masks/rle/coco-rle.ts';
import { renderPortrait } from '../../../../src/stylegan/portraits/render.ts';
import { decodeCocoRle } from '../../../support/coco-rle.ts';

test('counts run down the columns, zeros first', () => {
  const map = { width: 3, height: 2, data: Uint8Array.from([0, 1, 1, 0, 0, 1]) };
  // Columns: 0 0 | 1 0 | 1 1
  expect(cocoCounts(connectedComponents(map), 3, 2)).toEqual([
    [0, 2, 1, 1, 2],
    [2, 1, 1, 2],
  ]);
});

test('text as pycocotools writes it', () => {
  // pycocotools.mask.encode of a 9 x 10 mask: _mask.frPyObjects({'counts': [6, 1, 40, 4, 5, 4, 5, 4, 21], 'size': [9, 10]}, 9, 10)
  expect(cocoText([6, 1, 40, 4, 5, 4, 5, 4, 21])).toBe('61X13mN000`0');
});

test('every piece of a portrait comes back', () => {
  const { mask } = renderPortrait(4);
  const { width, height } = mask;
  const pieces = connectedComponents(mask);
  const all = cocoCounts(pieces, width, height);
  for (const [id, counts] of all.entries()) {
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(width * height);
    expect(decodeCocoRle(cocoText(counts), width, height)).toEqual(Uint8Array.from(pieces.ids, (own) => (own === id ? 1 : 0)));
  }
});
