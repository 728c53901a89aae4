import { expect, test } from 'vitest';
import { encodeNpyHeader, readNpy } from '../../../../src/stylegan/checkpoint/npy.ts';
import { Budget, denseStrides, gather, type StridedArray } from '../../../../src/stylegan/checkpoint/strided.ts';

const bytesOf = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);
const array = (changes: Partial<StridedArray>): StridedArray => ({
  type: 'f32',
  littleEndian: true,
  bytes: bytesOf([0, 1, 2, 3, 4, 5]),
  offset: 0,
  dims: [2, 3],
  strides: [3, 1],
  ...changes,
});
const values = (changes: Partial<StridedArray>) => [...gather(array(changes), new Budget(1000)).data];

test('row-major, whatever the order in the file', () => {
  expect(values({})).toEqual([0, 1, 2, 3, 4, 5]);
  expect(values({ strides: [1, 2] })).toEqual([0, 2, 4, 1, 3, 5]);
  expect(values({ offset: 2, dims: [2], strides: [2] })).toEqual([2, 4]);
  // Channels last: [1, 2, 1, 3] with strides (6, 1, 6, 2).
  expect(values({ dims: [1, 2, 1, 3], strides: [6, 1, 6, 2] })).toEqual([0, 2, 4, 1, 3, 5]);
  expect(values({ dims: [], strides: [] })).toEqual([0]);
  expect(values({ dims: [0, 3], strides: [3, 1] })).toEqual([]);
  expect(denseStrides([2, 3, 4])).toEqual([12, 4, 1]);
  expect(denseStrides([2, 3, 4], true)).toEqual([1, 2, 6]);
});

test.each<[StridedArray['type'], boolean, number[], number]>([
  ['f16', true, [0x00, 0xc1], -2.5],
  ['f16', true, [0x01, 0x00], 2 ** -24],
  ['bf16', true, [0xc0, 0x3f], 1.5],
  ['f64', false, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5],
  ['i64', true, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -1],
  ['i32', false, [0, 0, 1, 0], 256],
  ['u8', true, [200], 200],
  ['bool', true, [1], 1],
])('an element of %s, little-endian %s', (type, littleEndian, bytes, value) => {
  expect(values({ type, littleEndian, bytes: Uint8Array.from(bytes), dims: [1], strides: [1] })).toEqual([value]);
});

test.each<[string, string, Partial<StridedArray>]>([
  ['checkpoint-damaged', 'beyond its data', { dims: [2, 4] }],
  ['checkpoint-damaged', 'beyond its data by its strides', { strides: [4, 1] }],
  ['checkpoint-damaged', 'a negative stride', { strides: [-3, 1] }],
  ['checkpoint-damaged', 'another number of strides', { strides: [1] }],
  ['checkpoint-damaged', 'half an element', { offset: 0.5 }],
  ['checkpoint-hostile', 'one number repeated', { dims: [1000, 1000], strides: [0, 0] }],
  ['checkpoint-hostile', 'more than 2^31', { dims: [2 ** 31, 2 ** 31], strides: [0, 0] }],
])('refused as %s: %s', (code, _, changes) => {
  expect(() => values(changes)).toThrow(expect.objectContaining({ code }));
});

test('.npy: what numpy writes, and back', () => {
  const header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }";
  const padded = `${header.padEnd(117)}\n`;
  const file = Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length, 0]),
    Buffer.from(padded),
    Buffer.from(Float64Array.of(0, 3, 1, 4, 2, 5).buffer),
  ]);
  expect(readNpy(file)).toEqual({ dims: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
  const again = Buffer.concat([encodeNpyHeader([3]), bytesOf([7, 8, 9])]);
  expect((again.length - 12) % 64).toBe(0);
  expect(readNpy(again)).toEqual({ dims: [3], data: Float32Array.of(7, 8, 9) });
  expect(readNpy(Buffer.concat([encodeNpyHeader([]), bytesOf([7])]))).toEqual({ dims: [], data: Float32Array.of(7) });
  expect(() => readNpy(again.subarray(0, -4))).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }));
  expect(() => readNpy(again.subarray(0, 20))).toThrow(expect.objectContaining({ code: 'checkpoint-truncated' }));
});
