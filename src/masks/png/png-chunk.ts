import { crc32 } from 'node:zlib';

/** The first bytes of a PNG. */
export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What is around a chunk's data: length, type and checksum. */
export const AROUND = 12;

/** A chunk of a PNG: length, type, data, and the CRC-32 of type and data (PNG specification, 5.3). */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(data.length + AROUND);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
