import { expect, test } from 'vitest';
import { type ClassRule, classOfSeed } from '../../../src/stylegan/class-rule.ts';
import { pairImage } from '../../../src/synthesis/pair-image.ts';

const CARD = { name: 'animals', cDim: 5 };

test.each<[ClassRule, (number | null)[]]>([
  [3, [3, 3, 3, 3, 3, 3]],
  [
    [4, 0],
    [4, 0, 4, 0, 4, 0],
  ],
  ['all', [0, 1, 2, 3, 4, 0]],
])('classes of seeds 0 to 5 by %j', (rule, expected) => {
  expect([0, 1, 2, 3, 4, 5].map((seed) => classOfSeed(rule, CARD, seed))).toEqual(expected);
});

test('two classes in an order: each as often as the seeds say', () => {
  const plan = { generator: 'g', psi: 0.7, cutoff: null, classes: [1, 4] };
  const images = Array.from({ length: 10 }, (_, i) => pairImage(plan, CARD, 1_000_001 + i));
  expect(images[0]).toEqual({ generator: 'g', seed: 1_000_001, class: 4, psi: 0.7, cutoff: null });
  expect(images.filter((image) => image.class === 1)).toHaveLength(5);
  expect(images.filter((image) => image.class === 4)).toHaveLength(5);
  const { classes: _, ...plain } = plan;
  expect(pairImage(plain, { name: 'cats', cDim: 0 }, 7).class).toBeNull();
});

test.each<[string, ClassRule | null, number]>([
  ["The generator 'animals' has 5 classes, but no class is selected.", null, 5],
  ["The generator 'animals' has 5 classes, but no class 5.", 5, 5],
  ["The generator 'animals' has 5 classes, but no class -1.", [0, -1], 5],
  ["The generator 'animals' has 5 classes, but no class in an empty list.", [], 5],
  ["The generator 'animals' has no classes.", 'all', 0],
])('refused: %s', (message, rule, cDim) => {
  expect(() => classOfSeed(rule, { name: 'animals', cDim }, 0)).toThrow(
    expect.objectContaining({ code: 'bad-request', message }),
  );
});
