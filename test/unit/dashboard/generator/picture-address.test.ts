import { expect, test } from 'vitest';
import { pictureAddress, seedOf } from '../../../../src/dashboard/pages/generator/picture-address.ts';

const CHOICE = { seed: 7, psi: 0.7, cutoff: 8, class: 2, mix: 9, share: 0.25 };
const PLAIN = { id: 'a1', classes: 0, layers: 14 };

test('a picture by seed, psi and cutoff; all layers are no cutoff', () => {
  expect(pictureAddress(PLAIN, CHOICE)).toBe('/api/generators/a1/images/7.png?psi=0.7&cutoff=8');
  expect(pictureAddress(PLAIN, { ...CHOICE, cutoff: 14 }, { width: 160 })).toBe(
    '/api/generators/a1/images/7.png?psi=0.7&cutoff=none&width=160',
  );
});

test('a class where there are classes, a second seed where it is mixed', () => {
  expect(pictureAddress({ ...PLAIN, classes: 3 }, CHOICE, { mixed: true })).toBe(
    '/api/generators/a1/images/7.png?psi=0.7&cutoff=8&class=2&mix=9&share=0.25',
  );
});

test.each([
  ['0', 0],
  [' 12 ', 12],
  ['4294967295', 4_294_967_295],
  ['4294967296', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['', undefined],
  ['1e3', undefined],
])('the seed %j is %s', (text, seed) => {
  expect(seedOf(text)).toBe(seed);
});
