import { deflateSync } from 'node:zlib';
import type { LabelMap } from '../label-map.ts';
import { PNG_SIGNATURE, pngChunk } from './png-chunk.ts';

/**
 * The mask of one label as a BitmaskLabels region has it: a PNG of the picture's size, opaque black where the label is, transparent elsewhere.
 * One bit a pixel with a palette of those two (PNG specification 1.2, sections 4.1 and 4.2): a hundredth of the bytes of an RGBA picture, and the
 * same pixels for the editor.
 *
 * @returns `data:image/png;base64,…`
 */
export function encodeBitmaskUrl(map: LabelMap, label: number): string {
  const { width, height, data } = map;
  const stride = 1 + Math.ceil(width / 8);
  // Each row begins with its filter type, 0: none.
  const rows = new Uint8Array(stride * height);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (data[pixel] === label) rows[y * stride + 1 + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, INDEXED, 0, 0, 0], 8);
  const png = Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('PLTE', Uint8Array.of(0, 0, 0, 0, 0, 0)),
    pngChunk('tRNS', Uint8Array.of(0, 255)),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', new Uint8Array()),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

/** Colour type: each pixel is an index into the palette. */
const INDEXED = 3;
