import { expect, test } from 'vitest';
import { saidHash } from '../../../src/jobs/product/setup-calls.ts';
import { jsonOfBytes } from '../../../src/label-studio/requests/json-of-bytes.ts';
import { parseExtraParams } from '../../../src/label-studio/requests/setup-request.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('JSON in UTF-8; brackets within texts do not count as nesting', () => {
  const value = { text: `é😀${'['.repeat(100)}\\"{{`, list: [[[1]], { a: null }] };
  expect(jsonOfBytes(bytes(JSON.stringify(value)))).toEqual(value);
});

test.each(['', '{', '{"a":1}x', 'NaN', "{'a':1}"])('%j is not valid JSON', (text) => {
  expect(() => jsonOfBytes(bytes(text))).toThrow('The body is not valid JSON.');
});

test('bytes that are no UTF-8 are refused, not replaced', () => {
  expect(() => jsonOfBytes(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toThrow('not valid JSON');
});

test('64 deep is read, 65 is not, however it goes on', () => {
  const nested = (depth: number) => bytes(`${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`);
  expect(jsonOfBytes(nested(64))).toBeInstanceOf(Array);
  expect(() => jsonOfBytes(nested(66))).toThrow('nested more than 64 levels deep');
  expect(() => jsonOfBytes(bytes('['.repeat(1_000_000)))).toThrow('nested more than 64 levels deep');
});

test('what no database can hold stays for a schema to judge, or is replaced on request', () => {
  const sent = bytes('{"a":"x\\u0000y","b":["\\ud800","\\uDFFFz"],"c":"\\ud83d\\ude00","d":"\\\\u0000"}');
  expect(jsonOfBytes(sent)).toEqual({ a: 'x\0y', b: ['\ud800', '\udfffz'], c: '😀', d: '\\u0000' });
  expect(jsonOfBytes(sent, true)).toEqual({ a: 'x\ufffdy', b: ['\ufffd', '\ufffdz'], c: '😀', d: '\\u0000' });
});

test('extra_params as a text are read with the same limits', () => {
  const notes = (extra: string) => parseExtraParams(extra).notes;
  expect(notes('['.repeat(100_000))).toEqual([expect.stringContaining('is not valid JSON')]);
  expect(notes('9'.repeat(400))).toEqual([expect.stringContaining('is not a JSON object')]);
  expect(saidHash(parseExtraParams('9'.repeat(400)).sent)).toBe(saidHash(null));
  expect(saidHash(parseExtraParams('{"psi": 1e999}').sent)).toBe(saidHash({ psi: null }));
});
