import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array | Uint8Array;
}

/** The arrays of an .npz file as numpy's savez_compressed writes it: a zip of .npy files. */
export function readNpz(path: string): Map<string, NpyArray> {
  const file = readFileSync(path);
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const arrays = new Map<string, NpyArray>();
  let entry = file.readUInt32LE(end + 16);
  for (let i = 0; i < file.readUInt16LE(end + 10); i++) {
    const method = file.readUInt16LE(entry + 10);
    const size = file.readUInt32LE(entry + 20);
    const nameLength = file.readUInt16LE(entry + 28);
    const name = file.toString('utf8', entry + 46, entry + 46 + nameLength);
    const local = file.readUInt32LE(entry + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(start, start + size);
    arrays.set(name.replace(/\.npy$/, ''), readNpy(method === 8 ? inflateRawSync(packed) : packed));
    entry += 46 + nameLength + file.readUInt16LE(entry + 30) + file.readUInt16LE(entry + 32);
  }
  return arrays;
}

/** A .npy file of version 1, C order, little-endian. */
function readNpy(file: Buffer): NpyArray {
  const begin = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, begin);
  const [, type] = /'descr': '[<|](\w\d)'/.exec(header) ?? [];
  const [, sizes] = /'shape': \(([^)]*)\)/.exec(header) ?? [];
  if (!header.includes("'fortran_order': False") || sizes === undefined) throw new Error(`npy: ${header}`);
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  const bytes = Uint8Array.from(file.subarray(begin));
  if (type === 'f4') return { shape, data: new Float32Array(bytes.buffer) };
  if (type === 'f8') return { shape, data: new Float64Array(bytes.buffer) };
  if (type === 'i8') return { shape, data: new BigInt64Array(bytes.buffer) };
  if (type === 'u1' || type === 'b1') return { shape, data: bytes };
  throw new Error(`npy: type '${type}' is not supported`);
}
