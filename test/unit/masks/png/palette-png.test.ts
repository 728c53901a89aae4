import sharp from 'sharp';
import { expect, test } from 'vitest';
import { toPalettePng } from '../../../../src/masks/png/palette-png.ts';
import { encodeIndexPng, encodeRgbPng } from '../../../../src/masks/png/png.ts';

const WIDTH = 37;
const HEIGHT = 23;
const map = {
  width: WIDTH,
  height: HEIGHT,
  data: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % 7 === 0 ? 255 : (i * i) % 12)),
};
const palette = Uint8Array.from({ length: 768 }, (_, i) => (i * 31) % 251);

test('another decoder sees the colour of each index', async () => {
  const png = toPalettePng(await encodeIndexPng(map), palette);
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([WIDTH, HEIGHT, 3]);
  for (const [pixel, index] of map.data.entries())
    expect(data.subarray(3 * pixel, 3 * pixel + 3)).toEqual(Buffer.from(palette.subarray(3 * index, 3 * index + 3)));
  // Colour type: palette.
  expect(png[25]).toBe(3);
});

test('what is no index PNG is refused', async () => {
  const rgb = await encodeRgbPng(new Uint8Array(12), 2, 2);
  expect(() => toPalettePng(rgb, palette)).toThrow('Not an index PNG');
  expect(() => toPalettePng(new Uint8Array(100), palette)).toThrow('Not an index PNG');
  expect(() => toPalettePng(new Uint8Array(3), palette)).toThrow('Not an index PNG');
});
