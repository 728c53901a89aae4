import { expect, test } from 'vitest';
import { classPriors } from '../../../../src/interpreter/sampling/class-prior.ts';

test('ln(share in the annotated maps / share among the trained pixels), per member', () => {
  // Two rows of class 0 that stand for 45 pixels each, two of class 1 for 5 each: π = 0.9, 0.1.
  const priors = classPriors(
    Uint8Array.of(0, 0, 1, 1),
    Int32Array.of(0, 1, 2, 3),
    Float32Array.of(45, 45, 5, 5),
    // Member 0: ρ = 1/2, 1/2; member 1: ρ = 1/4, 3/4.
    Float32Array.of(1, 1, 1, 0, 1, 2, 1, 1),
    2,
    2,
  );
  const expected = [Math.log(0.9 / 0.5), Math.log(0.1 / 0.5), Math.log(0.9 / 0.25), Math.log(0.1 / 0.75)];
  for (const [i, value] of expected.entries()) expect(priors[i]).toBeCloseTo(value, 12);
});

test('only the rows in use count, and a class without a row gets 0', () => {
  const priors = classPriors(Uint8Array.of(0, 1), Int32Array.of(0), Float32Array.of(1, 1), Float32Array.of(1, 1), 1, 2);
  expect([...priors]).toEqual([0, 0]);
});
