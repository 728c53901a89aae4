import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeBitmaskUrl } from '../../../../src/masks/png/bitmask-png.ts';
import { decodeBitmaskPng } from '../../../../src/masks/png/png.ts';
import { drawn, randomMap, rgbaOf } from '../shapes.ts';

const bytesOf = (url: string) => Buffer.from(url.slice('data:image/png;base64,'.length), 'base64');

describe('encodeBitmaskUrl', () => {
  it('is a PNG of one bit a pixel whose palette is transparent and opaque black', () => {
    const png = bytesOf(encodeBitmaskUrl(drawn('.1.', '111'), 1));
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    // IHDR: 3 wide, 2 high, depth 1, indexed; the CRC is that of Python's zlib.crc32.
    expect(png.subarray(8, 33).toString('hex')).toBe('0000000d4948445200000003000000020103000000a7baf459');
    expect(png.includes(Buffer.from('PLTE\0\0\0\0\0\0', 'latin1'))).toBe(true);
    expect(png.includes(Buffer.from([0x74, 0x52, 0x4e, 0x53, 0, 255]))).toBe(true);
  });

  it.each([
    [1, 1],
    [8, 3],
    [9, 5],
    [257, 130],
  ])('decodes to exactly the pixels of the label, %ix%i, by libpng', async (width, height) => {
    const map = randomMap(width, width, height, 5, 30);
    for (const label of [1, 4]) {
      const url = encodeBitmaskUrl(map, label);
      const { data, info } = await sharp(bytesOf(url)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([width, height, 4]);
      const black = rgbaOf(map, label).map((value, i) => (i % 4 === 3 ? value : 0));
      expect(Buffer.compare(data, black)).toBe(0);
      expect([...(await decodeBitmaskPng(url, width, height))]).toEqual(
        Array.from(map.data, (value) => (value === label ? 255 : 0)),
      );
    }
  });
});
