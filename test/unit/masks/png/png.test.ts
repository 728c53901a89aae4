import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePlainGreyPng } from '../../../../src/masks/png/plain-grey-png.ts';
import { decodeBitmaskPng, decodeIndexPng, encodeIndexPng, encodeRgbPng } from '../../../../src/masks/png/png.ts';
import { PNG_SIGNATURE, pngChunk } from '../../../../src/masks/png/png-chunk.ts';
import { drawn, randomMap } from '../shapes.ts';

describe('index PNG', () => {
  it('brings back every index from 0 to 255, and odd sizes', async () => {
    const all = { width: 16, height: 16, data: Uint8Array.from({ length: 256 }, (_, i) => i) };
    expect(await decodeIndexPng(await encodeIndexPng(all))).toEqual(all);
    for (const [width, height] of [
      [1, 1],
      [3, 7],
      [513, 2],
    ] as const) {
      const map = randomMap(width, width, height, 5, 9);
      expect(await decodeIndexPng(await encodeIndexPng(map))).toEqual(map);
    }
  });

  it('is an 8-bit grey PNG that another reader sees the same indices in', async () => {
    const png = await encodeIndexPng(drawn('.12', '3?.'));
    // Header: signature, IHDR length and name, width, height, bit depth 8, colour type 0 (grey).
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect([...png.subarray(16, 26)]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 0]);
    // sharp gives grey as RGB unless told otherwise.
    expect([...(await sharp(png).extractChannel(0).raw().toBuffer())]).toEqual([0, 1, 2, 3, 255, 0]);
  });

  it('refuses what is not one', async () => {
    const rgb = await encodeRgbPng(new Uint8Array(12), 2, 2);
    await expect(decodeIndexPng(rgb)).rejects.toMatchObject({ code: 'corrupt-file' });
    await expect(decodeIndexPng(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'corrupt-file' });
    const png = await encodeIndexPng(randomMap(1, 64, 64, 9, 20));
    await expect(decodeIndexPng(png.subarray(0, 60))).rejects.toMatchObject({ code: 'corrupt-file' });
  });
});

describe('plain grey PNG', () => {
  const map = randomMap(3, 61, 47, 9, 20);
  const { width, height } = map;

  it('is what encodeIndexPng writes', async () => {
    expect(decodePlainGreyPng(await encodeIndexPng(map))).toEqual(map);
  });

  it('leaves filtered, interlaced and damaged files to the reader of all kinds', async () => {
    const raw = sharp(map.data, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
    for (const options of [{ adaptiveFiltering: true }, { progressive: true }]) {
      const png = await raw.clone().png(options).toBuffer();
      expect(decodePlainGreyPng(png)).toBeUndefined();
      expect(await decodeIndexPng(png)).toEqual(map);
    }
    const png = await encodeIndexPng(map);
    for (const at of [3, 17, 50, png.length - 20]) {
      const damaged = Uint8Array.from(png);
      damaged[at]! ^= 1;
      expect(decodePlainGreyPng(damaged)).toBeUndefined();
    }
    expect(decodePlainGreyPng(png.subarray(0, -4))).toBeUndefined();
  });
});

describe('RGB PNG', () => {
  it('keeps every byte', async () => {
    const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => (i * 37) % 256);
    const { data, info } = await sharp(await encodeRgbPng(rgb, 5, 3))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([5, 3, 3]);
    expect([...data]).toEqual([...rgb]);
  });
});

describe('bitmask PNG', () => {
  const url = async (pixels: number[], channels: 3 | 4) => {
    const png = await sharp(Uint8Array.from(pixels), { raw: { width: 2, height: 1, channels } })
      .png()
      .toBuffer();
    return `data:image/png;base64,${png.toString('base64')}`;
  };

  it('reads the alpha channel: black on transparent', async () => {
    expect([...(await decodeBitmaskPng(await url([0, 0, 0, 255, 0, 0, 0, 0], 4), 2, 1))]).toEqual([255, 0]);
    expect([...(await decodeBitmaskPng(await url([255, 255, 255, 0, 9, 9, 9, 130], 4), 2, 1))]).toEqual([0, 130]);
  });

  it('is set everywhere without an alpha channel', async () => {
    expect([...(await decodeBitmaskPng(await url([0, 0, 0, 255, 255, 255], 3), 2, 1))]).toEqual([255, 255]);
  });

  it('refuses another size, another scheme and damaged data', async () => {
    await expect(decodeBitmaskPng(await url([0, 0, 0, 255, 0, 0, 0, 0], 4), 2, 2)).rejects.toThrow(
      'The bitmask has 2x1 pixels, but the picture has 2x2.',
    );
    await expect(decodeBitmaskPng('http://x/y.png', 2, 1)).rejects.toMatchObject({ code: 'bad-annotation' });
    await expect(decodeBitmaskPng('data:image/png;base64,AAAA', 2, 1)).rejects.toMatchObject({ code: 'bad-annotation' });
  });

  it('looks at the size before it unpacks anything: a bomb costs nothing, and a header that lies is refused', async () => {
    // A header of 16,384 x 16,384 pixels without any pixel behind it: whoever unpacked it would say something else.
    const png = Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', ihdr(16_384, 16_384)), pngChunk('IEND', new Uint8Array())]);
    await expect(decodeBitmaskPng(`data:image/png;base64,${png.toString('base64')}`, 2, 1)).rejects.toThrow(
      'The bitmask has 16384x16384 pixels, but the picture has 2x1.',
    );
    const small = Buffer.from((await url([0, 0, 0, 255, 0, 0, 0, 0], 4)).split(',')[1]!, 'base64');
    const lying = Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', ihdr(200, 100)), small.subarray(33)]);
    await expect(decodeBitmaskPng(`data:image/png;base64,${lying.toString('base64')}`, 200, 100)).rejects.toMatchObject({
      code: 'bad-annotation',
    });
  });

  it('reads 16 bits a channel as 8', async () => {
    const png = await sharp(Uint16Array.of(0, 0, 0, 65_535, 0, 0, 0, 257), { raw: { width: 2, height: 1, channels: 4 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect([...(await decodeBitmaskPng(`data:image/png;base64,${png.toString('base64')}`, 2, 1))]).toEqual([255, 1]);
  });
});

/** Of a PNG of 8-bit RGBA. */
function ihdr(width: number, height: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return header;
}
