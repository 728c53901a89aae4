import { deflateSync, inflateSync } from 'node:zlib';
import { DatasetGanError } from '../errors.ts';

const BYTES = Uint32Array.BYTES_PER_ELEMENT;

/** The number of the object that each pixel belongs to, row-major, as bytes that can be kept: 32 bits a pixel in the machine's order, deflated. */
export function encodeObjectMap(objects: Uint32Array): Uint8Array {
  return deflateSync(new Uint8Array(objects.buffer, objects.byteOffset, objects.byteLength), { level: 1 });
}

/** @throws DatasetGanError `corrupt-file` when it has not that many pixels */
export function decodeObjectMap(bytes: Uint8Array, pixels: number): Uint32Array {
  try {
    const raw = inflateSync(bytes, { maxOutputLength: pixels * BYTES });
    if (raw.length === pixels * BYTES) return new Uint32Array(new Uint8Array(raw).buffer);
    throw new Error(`${raw.length / BYTES} pixels`);
  } catch (cause) {
    throw new DatasetGanError('corrupt-file', `Not an object map of ${pixels} pixels: ${(cause as Error).message}`, { cause });
  }
}
