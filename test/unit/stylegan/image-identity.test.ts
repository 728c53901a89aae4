import { expect, test } from 'vitest';
import { checkImage, type ImageIdentity, imageIdentitySchema, imageKey } from '../../../src/stylegan/image-identity.ts';

const image: ImageIdentity = { generator: 'g1', seed: 7, class: null, psi: 0.7, cutoff: 8 };
const card = { id: 'g1', name: 'plain', cDim: 0, numWs: 14 };

test('the key tells apart what differs in any of the five values', () => {
  expect(imageKey(image)).toBe('g1/seed=7/class=none/psi=0.7/cutoff=8');
  const others: Partial<ImageIdentity>[] = [
    { generator: 'g2' },
    { seed: 8 },
    { class: 0 },
    { psi: 0.7000000000000001 },
    { psi: 0 },
    { psi: -0.7 },
    { cutoff: null },
    { cutoff: 0 },
  ];
  const keys = new Set([image, ...others.map((other) => ({ ...image, ...other }))].map(imageKey));
  expect(keys.size).toBe(others.length + 1);
  expect(imageKey({ ...image, psi: -0 })).toBe(imageKey({ ...image, psi: 0 }));
});

test('what a generator can make passes', () => {
  for (const seed of [0, 2 ** 32 - 1]) checkImage({ ...image, seed }, card);
  for (const cutoff of [null, 0, 14]) checkImage({ ...image, cutoff }, card);
  checkImage({ ...image, psi: -1.5 }, card);
  checkImage({ ...image, class: 2 }, { ...card, cDim: 3 });
});

test.each<[string, Partial<ImageIdentity>, number]>([
  ['seed', { seed: -1 }, 0],
  ['seed', { seed: 2 ** 32 }, 0],
  ['seed', { seed: 1.5 }, 0],
  ['seed', { seed: Number.NaN }, 0],
  ['psi', { psi: Number.NaN }, 0],
  ['psi', { psi: Number.POSITIVE_INFINITY }, 0],
  ['cutoff', { cutoff: 15 }, 0],
  ['cutoff', { cutoff: -1 }, 0],
  ['cutoff', { cutoff: 2.5 }, 0],
  ['classes', { class: 0 }, 0],
  ['class', { class: null }, 3],
  ['class', { class: 3 }, 3],
  ['another generator', { generator: 'g2' }, 0],
])('a wrong %s is refused: %o', (word, wrong, cDim) => {
  const check = () => checkImage({ ...image, ...wrong }, { ...card, cDim });
  expect(check).toThrow(expect.objectContaining({ code: 'bad-request', fix: expect.any(String) }));
  expect(check).toThrow(word);
});

test('meta of a task is checked', () => {
  expect(imageIdentitySchema.parse({ ...image })).toEqual(image);
  for (const wrong of [{ seed: '7' }, { seed: 2 ** 32 }, { psi: null }, { cutoff: -1 }, { extra: 1 }])
    expect(imageIdentitySchema.safeParse({ ...image, ...wrong }).success).toBe(false);
});
