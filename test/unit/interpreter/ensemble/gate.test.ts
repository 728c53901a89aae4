import { expect, test } from 'vitest';
import { NEVER } from '../../../../src/interpreter/ensemble/classifier.ts';
import { passGate } from '../../../../src/interpreter/ensemble/gate.ts';

const classifier = (bias: number) => ({
  shape: { dims: 1, members: 1, hidden: [1, 1] as const, classes: 2 },
  w1: Float32Array.of(1),
  b1: Float32Array.of(0),
  w2: Float32Array.of(1),
  b2: Float32Array.of(0),
  w3: Float32Array.of(1, 1),
  b3: Float32Array.of(bias, NEVER),
});

test('accuracy above the share of the most frequent class passes', () => {
  expect(passGate(classifier(0), Uint8Array.of(0, 0, 0, 1), Uint8Array.of(0, 0, 0, 1))).toBe(1);
  expect(passGate(classifier(0), Uint8Array.of(0, 1, 1, 1, 1), Uint8Array.of(0, 0, 1, 1, 2))).toBe(0.6);
});

test('an answer no better than always the most frequent class is refused, with both numbers', () => {
  expect(() => passGate(classifier(0), Uint8Array.of(0, 0, 1, 1), Uint8Array.of(0, 0, 0, 1))).toThrow(
    /labels 75\.0 % of its own training pixels .* would give 75\.0 %/,
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('a weight of %s is refused', (bias) => {
  expect(() => passGate(classifier(bias), Uint8Array.of(0, 1), Uint8Array.of(0, 1))).toThrow('not finite');
});
