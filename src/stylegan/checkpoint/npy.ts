import type { FloatTensor } from '../tensor-map.ts';
import { ByteReader } from './byte-reader.ts';
import { numpyType } from './numpy.ts';
import { damaged, unsupported } from './refusal.ts';
import { Budget, denseStrides, gather } from './strided.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const HEADER = /^\{\s*'descr':\s*'([<>|])(\w\d+)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;

/**
 * Reads a .npy file (versions 1 to 3) of numbers as float32.
 * @throws DatasetGanError `checkpoint-damaged`, `checkpoint-truncated`, `checkpoint-unsupported`
 */
export function readNpy(file: Uint8Array): FloatTensor {
  const input = new ByteReader(file);
  if (!isNpy(file)) throw unsupported('The file is not a .npy file.', 'Use an array that numpy.save wrote.');
  input.take(MAGIC.length);
  const version = input.u8();
  input.u8();
  const length = version === 1 ? input.u16() : input.u32();
  const [, order, code, fortran, sizes] = HEADER.exec(Buffer.from(input.take(length)).toString('latin1')) ?? [];
  if (code === undefined) throw damaged('the header of the .npy file is malformed');
  const dims = sizes!
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  const bytes = file.subarray(input.at);
  const strides = denseStrides(dims, fortran === 'True');
  return gather({ type: numpyType(code), littleEndian: order !== '>', bytes, offset: 0, dims, strides }, new Budget(file.length));
}

export function isNpy(file: Uint8Array): boolean {
  return MAGIC.every((byte, i) => file[i] === byte);
}

/** What precedes the data of a .npy file of version 1: float32, C order. */
export function encodeNpyHeader(dims: readonly number[]): Uint8Array {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  // The data begin at a multiple of 64 bytes, the header ends with a line feed.
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = Buffer.from(`${dictionary.padEnd(length - 1)}\n`, 'latin1');
  return Buffer.concat([Uint8Array.from([...MAGIC, 1, 0, length & 255, length >> 8]), header]);
}
