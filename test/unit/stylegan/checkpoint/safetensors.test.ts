import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSafetensors } from '../../../../src/stylegan/checkpoint/safetensors.ts';
import { networkHash } from '../../../../src/stylegan/generator-id.ts';
import { PORTRAITS } from '../../../support/golden.ts';

const file = (header: unknown, data = new Uint8Array(0)): Buffer => {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
};
const entry = (shape: number[], from: number, to: number, dtype = 'F32') => ({ dtype, shape, data_offsets: [from, to] });
const numbers = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

test('tensors by name, whatever their order in the header and the alignment of the data', () => {
  const header = { b: entry([], 8, 12), __metadata__: { format: 'pt' }, a: entry([2, 1], 0, 8) };
  for (const padding of ['', ' ', '   ']) {
    const read = readSafetensors(file(JSON.stringify(header) + padding, numbers(1, -2.5, 3)));
    expect([...read]).toEqual([
      ['b', { dims: [], data: Float32Array.of(3) }],
      ['a', { dims: [2, 1], data: Float32Array.of(1, -2.5) }],
    ]);
    // A copy: it does not keep the file in memory.
    expect(read.get('a')?.data.buffer.byteLength).toBe(8);
  }
  expect(readSafetensors(file({})).size).toBe(0);
});

test('the weights of the bundled generator', () => {
  const tensors = readSafetensors(readFileSync(join(PORTRAITS, 'portraits.safetensors')));
  expect(tensors.size).toBe(88);
  // Read with numpy.
  const bias = tensors.get('synthesis.b256.torgb.bias')!;
  expect([...bias.data]).toEqual([0.013708582147955894, 0.011611457914113998, 0.011299175210297108]);
  expect(networkHash(tensors)).toBe('d1b441bbae3fae03cfd4bce09becd11c7b62579cb4855ae3f08b76a99cf6686d');
});

test.each<[string, Uint8Array]>([
  ['too short', Buffer.alloc(7)],
  ['header would take', Buffer.concat([Buffer.alloc(8, 0xff), Buffer.alloc(20)])],
  ['not JSON', file('{"a":')],
  ['not JSON', Buffer.concat([file('""').subarray(0, 8), Buffer.from([0xff, 0xfe])])],
  ['not a JSON object', file('[]')],
  ['not a JSON object', file('null')],
  ['malformed', file({ a: { dtype: 'F32', shape: [1] } })],
  ['malformed', file({ a: entry([-1], 0, 4) }, numbers(1))],
  ['malformed', file({ a: entry([0.5, 2], 0, 4) }, numbers(1))],
  ['is F16', file({ a: entry([2], 0, 4, 'F16') }, numbers(1))],
  ['has 8 bytes, expected 4', file({ a: entry([1], 0, 8) }, numbers(1, 2))],
  ['expected 0', file({ a: entry([1], 4, 8) }, numbers(1, 2))],
  ['expected 4', file({ a: entry([1], 0, 4), b: entry([1], 0, 4) }, numbers(1))],
  ['has -4 bytes', file({ a: entry([1], 0, 4), b: entry([1], 4, 0) }, numbers(1))],
  ['take 4 bytes, but it has 8', file({ a: entry([1], 0, 4) }, numbers(1, 2))],
  ['take 8 bytes, but it has 4', file({ a: entry([2], 0, 8) }, numbers(1))],
  ['expected 18446744073709552000', file({ a: entry([4194304, 2 ** 40], 0, 16777216) }, numbers(1))],
])('refused: %s', (message, bytes) => {
  expect(() => readSafetensors(bytes)).toThrow(
    expect.objectContaining({ code: 'bad-generator', message: expect.stringContaining(message) }),
  );
});

test('no truncated file is read, and none fails in another way', () => {
  const whole = file({ a: entry([2], 0, 8), b: entry([1], 8, 12) }, numbers(1, 2, 3));
  for (let length = 0; length < whole.length; length++)
    expect(() => readSafetensors(whole.subarray(0, length))).toThrow(expect.objectContaining({ code: 'bad-generator' }));
});
