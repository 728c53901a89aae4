import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/interpreter/canonical-json.ts';

test('sorts keys at every depth, keeps arrays, drops undefined', () => {
  expect(canonicalJson({ b: [2, { z: 1, a: null }], a: 'ü"', B: true, gone: undefined })).toBe(
    '{"B":true,"a":"ü\\"","b":[2,{"a":null,"z":1}]}',
  );
});

test('refuses what JSON cannot hold', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n, new Map(), () => 1])
    expect(() => canonicalJson(value)).toThrow(TypeError);
});
