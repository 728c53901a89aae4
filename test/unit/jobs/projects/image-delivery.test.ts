import { expect, test } from 'vitest';
import type { Product } from '../../../../src/jobs/product/product.ts';
import { imageFileName, imageUrl } from '../../../../src/jobs/projects/image-delivery.ts';

const image = { generator: '0f3a91bc5d', seed: 7, class: null, psi: 1, cutoff: null };

test('a file name says what its picture is, in letters that Label Studio keeps', () => {
  expect(imageFileName(image)).toBe('0f3a91bc-seed-7.png');
  expect(imageFileName({ ...image, class: 3, psi: 0.7, cutoff: 8 })).toBe('0f3a91bc-seed-7-class3-psi0.7-cut8.png');
  for (const psi of [0, -0.5, 1 / 3, 1e-9, 1e21])
    expect(imageFileName({ ...image, class: 99_999, seed: 2 ** 32 - 1, psi, cutoff: 18 })).toMatch(/^[\w.-]{1,60}$/);
});

test('different pictures have different names', () => {
  const others = [{ seed: 8 }, { class: 0 }, { psi: 0.5 }, { cutoff: 0 }, { generator: '1f3a91bc5d' }].map((change) =>
    imageFileName({ ...image, ...change }),
  );
  expect(new Set([imageFileName(image), ...others]).size).toBe(6);
});

test('an address on this server needs PUBLIC_URL', () => {
  const product = (publicUrl: string | null) => ({ settings: { publicUrl } }) as Product;
  expect(imageUrl(product('http://pictures.example'), { ...image, psi: 0.7 })).toBe(
    'http://pictures.example/api/generators/0f3a91bc5d/images/7.png?psi=0.7&cutoff=none',
  );
  expect(() => imageUrl(product(null), image)).toThrow('PUBLIC_URL is not set');
});
