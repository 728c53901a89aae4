import { expect, test } from 'vitest';
import { passKeypointGate } from '../../../../src/interpreter/keypoints/keypoint-gate.ts';

const layers = (value = 0) => {
  const one = () => new Float32Array(1);
  const shape = { dims: 1, members: 1, hidden: [1, 1] as const, classes: 2 };
  return { shape, w1: Float32Array.of(value), b1: one(), w2: one(), b2: one(), w3: one(), b3: one() };
};
// Two rows of two keypoints; the second row stands for many pixels.
const data = { targets: Float32Array.of(1, 0, 0, 0), represents: Float32Array.of(1, 100) };

test('heat that is nearer to the truth than none passes', () => {
  expect(() => passKeypointGate(layers(), Float32Array.of(0.6, 0.1, 0.02, 0), data)).not.toThrow();
});

test.each([
  ['all the same', Float32Array.of(0.2, 0.2, 0.2, 0.2), layers()],
  ['nothing at all', new Float32Array(4), layers()],
  ['a weight that is not finite', Float32Array.of(1, 0, 0, 0), layers(Number.NaN)],
])('%s is refused', (_, heat, classifier) => {
  expect(() => passKeypointGate(classifier, heat, data)).toThrow(expect.objectContaining({ code: 'training-refused' }));
});
