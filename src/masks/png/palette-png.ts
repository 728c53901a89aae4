import { DatasetGanError } from '../../errors.ts';
import { AROUND, PNG_SIGNATURE, pngChunk } from './png-chunk.ts';

const COLOUR_TYPE = 9;
const GREY = 0;
const PALETTE = 3;
/** Chunks that mean something else, or nothing, where pixels are palette indices (PNG specification, 11.3). */
const GREY_ONLY: ReadonlySet<string> = new Set(['tRNS', 'bKGD', 'sBIT', 'hIST', 'iCCP', 'sRGB', 'gAMA', 'cHRM']);

/**
 * An index PNG (8-bit grey) as a palette PNG of the same pixels: the grey values are the palette's indices. Both kinds store one byte a pixel in
 * the same way, so the compressed pixels stay as they are and only the header changes.
 * @param palette 768 bytes, red, green and blue of each index
 * @throws DatasetGanError `corrupt-file` when it is not an 8-bit grey PNG
 */
export function toPalettePng(png: Uint8Array, palette: Uint8Array): Uint8Array {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, PNG_SIGNATURE.length)];
  for (let at = PNG_SIGNATURE.length; at + AROUND <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      if (data[8] !== 8 || data[COLOUR_TYPE] !== GREY) break;
      const header = Uint8Array.from(data);
      header[COLOUR_TYPE] = PALETTE;
      parts.push(pngChunk('IHDR', header), pngChunk('PLTE', palette));
    } else if (!GREY_ONLY.has(type)) parts.push(bytes.subarray(at, at + AROUND + length));
    at += AROUND + length;
    if (type === 'IEND') return Buffer.concat(parts);
  }
  throw new DatasetGanError('corrupt-file', 'Not an index PNG (8-bit grey).');
}
