import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { uprightPicture } from '../../../src/export/upright-picture.ts';

const [WIDTH, HEIGHT] = [7, 3];
const rgb = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => (i * 41) % 256);
const picture = () => sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const pixelsOf = async (file: Uint8Array) => [...(await sharp(file).removeAlpha().raw().toBuffer())];

interface Bmp {
  readonly bits: 1 | 8 | 24 | 32;
  readonly palette?: readonly number[];
  /** Its bytes, a row. */
  readonly row: (y: number) => readonly number[];
  readonly topDown?: boolean;
  readonly header?: (file: Buffer) => void;
}

/** As BITMAPFILEHEADER and BITMAPINFOHEADER have it: rows padded to four bytes, the lowest first. */
function bmp({ bits, palette = [], row, topDown = false, header }: Bmp): Buffer {
  const rowBytes = Math.ceil((WIDTH * bits) / 32) * 4;
  const start = 54 + palette.length;
  const file = Buffer.alloc(start + rowBytes * HEIGHT);
  file.write('BM');
  file.writeUInt32LE(start, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(WIDTH, 18);
  file.writeInt32LE(topDown ? -HEIGHT : HEIGHT, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  file.set(palette, 54);
  for (let y = 0; y < HEIGHT; y++) file.set(row(y), start + rowBytes * (topDown ? y : HEIGHT - 1 - y));
  header?.(file);
  return file;
}
/** Blue, green, red of the pixels of a row. */
const bgr = (y: number, alpha: readonly number[] = []) =>
  Array.from({ length: WIDTH }, (_, x) =>
    [...rgb.subarray(3 * (y * WIDTH + x), 3 * (y * WIDTH + x) + 3)].reverse().concat(alpha),
  ).flat();

describe('BMP becomes PNG', () => {
  it.each<[string, Bmp]>([
    ['24 bits', { bits: 24, row: bgr }],
    ['24 bits from the top down', { bits: 24, row: bgr, topDown: true }],
    ['32 bits, shown opaque', { bits: 32, row: (y) => bgr(y, [9]) }],
  ])('%s', async (_, kind) => {
    const { image, ...read } = await uprightPicture(bmp(kind));
    expect(read).toEqual({ extension: 'png', width: WIDTH, height: HEIGHT });
    expect(await pixelsOf(image)).toEqual([...rgb]);
  });

  it('palettes of 8 bits and of one', async () => {
    const palette = Array.from({ length: 256 }, (_, i) => [i, 255 - i, 7, 0]).flat();
    const { image } = await uprightPicture(
      bmp({ bits: 8, palette, row: (y) => Array.from({ length: WIDTH }, (_, x) => 40 * y + x) }),
    );
    expect((await pixelsOf(image)).slice(-3)).toEqual([7, 255 - 86, 86]);
    const two = await uprightPicture(bmp({ bits: 1, palette: [1, 2, 3, 0, 4, 5, 6, 0], row: () => [0b1010_0010] }));
    expect((await pixelsOf(two.image)).slice(0, 3 * WIDTH)).toEqual([
      6, 5, 4, 3, 2, 1, 6, 5, 4, 3, 2, 1, 3, 2, 1, 3, 2, 1, 6, 5, 4,
    ]);
  });

  it.each<[string, (file: Buffer) => void, RegExp]>([
    ['a size beyond its bytes', (file) => file.writeInt32LE(2_000_000_000, 18), /too few or too many pixels for 2000000000x3/],
    ['no size', (file) => file.writeInt32LE(-1, 18), /too few or too many pixels/],
    ['compression', (file) => file.writeUInt32LE(1, 30), /24 bits per pixel and compression 1: save it as PNG/],
    ['16 bits', (file) => file.writeUInt16LE(16, 28), /16 bits per pixel/],
    ['pixels elsewhere', (file) => file.writeUInt32LE(60, 10), /a gap before its pixels/],
  ])('not with %s: that is said', async (_, header, message) => {
    await expect(uprightPicture(bmp({ bits: 24, row: bgr, header }))).rejects.toMatchObject({
      code: 'bad-annotation',
      message: expect.stringMatching(message),
    });
    await expect(uprightPicture(Buffer.from('BM'))).rejects.toThrow('the BMP is truncated');
  });
});

it('TIFF and GIF become PNG; PNG, JPEG and WebP stay as they are', async () => {
  for (const compression of ['none', 'lzw'] as const) {
    const { image, extension } = await uprightPicture(await picture().tiff({ compression }).toBuffer());
    expect([extension, await pixelsOf(image)]).toEqual(['png', [...rgb]]);
  }
  expect(await uprightPicture(await picture().gif().toBuffer())).toMatchObject({
    extension: 'png',
    width: WIDTH,
    height: HEIGHT,
  });
  for (const [format, extension] of [
    ['png', 'png'],
    ['jpeg', 'jpg'],
    ['webp', 'webp'],
  ] as const) {
    const bytes = await picture().toFormat(format).toBuffer();
    expect(await uprightPicture(bytes)).toEqual({ image: bytes, extension, width: WIDTH, height: HEIGHT });
  }
});
