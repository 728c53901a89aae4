import { expect, test } from 'vitest';
import { type PickleOptions, readPickle } from '../../../../src/stylegan/checkpoint/pickle.ts';
import { PyFloat, Tuple, writePickle } from '../../../support/checkpoint-writers/pickle-writer.ts';

const NONE: PickleOptions = {
  resolve: (module, name) => {
    throw new Error(`asked for ${module}.${name}`);
  },
};
const read = (bytes: readonly number[] | Uint8Array, options = NONE) => readPickle(Uint8Array.from(bytes), options).value;
const ascii = (text: string) => [...Buffer.from(text, 'latin1')];

test.each([2, 3, 4, 5] as const)('values that CPython would pickle with protocol %i', (protocol) => {
  const numbers = [0, 1, 255, 256, 65_535, 65_536, -1, -128, 2 ** 31 - 1, -(2 ** 31), 2 ** 40, -(2 ** 40)];
  const long = 'ü'.repeat(300);
  const value = new Map<unknown, unknown>([
    ['numbers', numbers],
    ['float', new PyFloat(0.1)],
    ['none', [null, true, false]],
    [7, new Tuple(1, 'a', new Tuple())],
    ['bytes', Uint8Array.of(0, 128, 255)],
    ['__proto__', long],
    ['tuples', [new Tuple(1), new Tuple(1, 2), new Tuple(1, 2, 3), new Tuple(1, 2, 3, 4)]],
  ]);
  const encode = {
    name: '_codecs.encode',
    call: ([text]: readonly unknown[]) => Uint8Array.from(Buffer.from(text as string, 'latin1')),
  };
  const found = read(writePickle(value, protocol), { resolve: () => encode }) as Map<unknown, unknown>;
  expect(found).toBeInstanceOf(Map);
  expect(found.get('numbers')).toEqual(numbers);
  expect(found.get('float')).toBe(0.1);
  expect(found.get('none')).toEqual([null, true, false]);
  expect(found.get(7)).toEqual([1, 'a', []]);
  expect([...(found.get('bytes') as Uint8Array)]).toEqual([0, 128, 255]);
  expect(found.get('__proto__')).toBe(long);
  expect(found.get('tuples')).toEqual([[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]);
});

test('arrays of protocol 2 are text, of which large networks have hundreds of megabytes', () => {
  const length = 70 * 2 ** 20;
  const pickle = Buffer.alloc(length + 6, 'a');
  pickle[0] = 0x58;
  pickle.writeUInt32LE(length, 1);
  pickle[length + 5] = 0x2e;
  expect(readPickle(pickle, NONE).value).toHaveLength(length);
});

test.each<[string, readonly number[], unknown]>([
  // As pickletools.dis shows them.
  [
    'LONG1 of the torch magic number',
    [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
    0x1950a86a20f9469cfc6cn,
  ],
  ['LONG1 of nothing is 0', [0x8a, 0, 0x2e], 0],
  ['LONG1 of ff is -1', [0x8a, 1, 0xff, 0x2e], -1],
  ['LONG4', [0x8b, 2, 0, 0, 0, 0, 1, 0x2e], 256],
  [
    'protocol 0: booleans, integers, floats',
    ascii('(I01\nI00\nI-5\nL12345678901234567890L\nF1.5\nt.'),
    [true, false, -5, 12345678901234567890n, 1.5],
  ],
  ['DUP, POP and POP_MARK', [0x4b, 1, 0x32, 0x30, 0x28, 0x4b, 2, 0x31, 0x2e], 1],
  ['BINSTRING and SHORT_BINSTRING are latin-1', [0x55, 1, 0xe9, 0x54, 1, 0, 0, 0, 0xff, 0x86, 0x2e], ['é', 'ÿ']],
  ['LIST and DICT to the mark', [0x28, 0x4b, 1, 0x28, 0x4b, 2, 0x4b, 3, 0x64, 0x6c, 0x2e], [1, new Map([[2, 3]])]],
  ['sets', [0x8f, 0x28, 0x4b, 1, 0x4b, 1, 0x90, 0x2e], new Set([1])],
  ['BINGET after BINPUT', [0x4b, 9, 0x71, 3, 0x30, 0x68, 3, 0x2e], 9],
  ['MEMOIZE takes the next number', [0x4b, 8, 0x94, 0x4b, 9, 0x94, 0x86, 0x30, 0x68, 1, 0x2e], 9],
  ['BINFLOAT is big-endian', [0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x2e], 1.5],
  ['BYTEARRAY8', [0x96, 2, 0, 0, 0, 0, 0, 0, 0, 5, 6, 0x2e], Uint8Array.of(5, 6)],
])('%s', (_, bytes, value) => {
  expect(read(bytes)).toEqual(value);
});

test('an object met again is the same object', () => {
  const shared = [1];
  const [a, b] = read(writePickle([shared, shared])) as unknown[];
  expect(a).toBe(b);
  expect(a).toEqual([1]);
});

test('a list may hold itself', () => {
  const list = read([0x5d, 0x94, 0x68, 0, 0x61, 0x2e]) as unknown[];
  expect(list[0]).toBe(list);
});

test.each<[string, string, readonly number[]]>([
  ['nothing', 'checkpoint-truncated', []],
  ['no STOP', 'checkpoint-truncated', [0x4e]],
  ['a text longer than the file', 'checkpoint-truncated', [0x58, 0xff, 0xff, 0xff, 0x7f, 0x61, 0x2e]],
  ['bytes of 2^60', 'checkpoint-damaged', [0x8e, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x2e]],
  ['a negative length', 'checkpoint-damaged', [0x54, 0xff, 0xff, 0xff, 0xff, 0x2e]],
  ['an empty stack', 'checkpoint-damaged', [0x2e]],
  ['two objects at the end', 'checkpoint-damaged', [0x4e, 0x4e, 0x2e]],
  ['an open mark at the end', 'checkpoint-damaged', [0x28, 0x4e, 0x2e]],
  ['a tuple across a mark', 'checkpoint-damaged', [0x4e, 0x28, 0x85, 0x2e]],
  ['a mark that is missing', 'checkpoint-damaged', [0x4e, 0x74, 0x2e]],
  ['a memo that is missing', 'checkpoint-damaged', [0x68, 7, 0x2e]],
  ['a key without a value', 'checkpoint-damaged', [0x7d, 0x28, 0x4e, 0x75, 0x2e]],
  ['an item of what is no list', 'checkpoint-damaged', [0x4e, 0x4e, 0x61, 0x2e]],
  ['a call of what is no function', 'checkpoint-damaged', [0x4e, 0x29, 0x52, 0x2e]],
  ['a state for what has none', 'checkpoint-damaged', [0x4e, 0x4e, 0x62, 0x2e]],
  ['a persistent id', 'checkpoint-damaged', [0x4e, 0x51, 0x2e]],
  ['EXT1', 'checkpoint-damaged', [0x82, 1, 0x2e]],
  ['INST', 'checkpoint-damaged', [0x28, ...ascii('ios\nsystem\n'), 0x2e]],
  ['OBJ', 'checkpoint-damaged', [0x28, 0x6f, 0x2e]],
  ['NEXT_BUFFER', 'checkpoint-damaged', [0x97, 0x2e]],
  ['an unknown opcode', 'checkpoint-damaged', [0xfe]],
  ['protocol 6', 'checkpoint-damaged', [0x80, 6, 0x4e, 0x2e]],
  ['an integer of 300 bytes', 'checkpoint-hostile', [0x8b, 0x2c, 1, 0, 0, ...new Array<number>(300).fill(1), 0x2e]],
  ['three million steps', 'checkpoint-hostile', new Array<number>(3_000_000).fill(0x4e)],
])('refused: %s', (_, code, bytes) => {
  expect(() => read(bytes)).toThrow(expect.objectContaining({ name: 'DatasetGanError', code }));
});
