import { expect, test } from 'vitest';
import { isOurBackend } from '../../../src/jobs/callback-address.ts';
import type { Product } from '../../../src/jobs/product.ts';

const product = (callbackUrl: string | null, publicUrl: string | null = null) =>
  ({ settings: { callbackUrl, publicUrl } }) as Product;

test('our address is where Label Studio reached us, or where the settings say', () => {
  const row = { callback_url: 'http://localhost:9090' };
  expect(isOurBackend(product(null), row, 'http://localhost:9090/')).toBe(true);
  expect(isOurBackend(product(null), row, 'http://localhost:9090/webhook')).toBe(true);
  expect(isOurBackend(product(null), row, 'http://localhost:9091')).toBe(false);
  expect(isOurBackend(product('http://datasetgan.local:9090'), { callback_url: null }, 'http://datasetgan.local:9090')).toBe(
    true,
  );
  expect(
    isOurBackend(product(null, 'https://pictures.example'), { callback_url: null }, 'https://pictures.example/webhook'),
  ).toBe(true);
});

test('what is no address is never ours', () => {
  expect(isOurBackend(product(null), { callback_url: null }, 'not an address')).toBe(false);
});
