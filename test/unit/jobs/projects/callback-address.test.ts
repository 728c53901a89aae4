import { expect, test } from 'vitest';
import type { Product } from '../../../../src/jobs/product/product.ts';
import { callbackHosts, callbackUrl, isOurWebhook } from '../../../../src/jobs/projects/ensure-webhook.ts';
import { sameAddress } from '../../../../src/jobs/projects/our-backends.ts';
import type { BackendRecord } from '../../../../src/store/records.ts';

const product = (callbackUrl: string | null, publicUrl: string | null = null) =>
  ({ settings: { callbackUrl, publicUrl } }) as Product;
const backend = (url: string, more: Partial<BackendRecord> = {}): BackendRecord => ({
  id: 1,
  url,
  ours: true,
  said: '',
  host: null,
  misses: 0,
  again: 0,
  ...more,
});

test('webhooks below an address of ours are ours', () => {
  const row = {
    callback_url: 'http://localhost:9090',
    backends: [backend('https://tools.example/dg/'), backend('http://x', { ours: false })],
  };
  expect(isOurWebhook(product(null), row, 'http://localhost:9090/webhook')).toBe(true);
  expect(isOurWebhook(product(null), row, 'http://localhost:9091/webhook')).toBe(false);
  expect(isOurWebhook(product(null), row, 'https://tools.example/dg/webhook')).toBe(true);
  expect(isOurWebhook(product(null), row, 'https://tools.example/sam/webhook')).toBe(false);
  expect(isOurWebhook(product(null), row, 'http://x/webhook')).toBe(false);
  expect(isOurWebhook(product('http://datasetgan.local:9090'), row, 'http://datasetgan.local:9090/webhook')).toBe(true);
  expect(isOurWebhook(product(null, 'https://pictures.example'), row, 'https://pictures.example/webhook')).toBe(true);
  expect(isOurWebhook(product(null), row, 'not an address')).toBe(false);
});

test('Label Studio reaches us by CALLBACK_URL, or by the address that it has stored', () => {
  expect(callbackUrl(product(null), backend('https://tools.example/dg/'))).toBe('https://tools.example/dg');
  expect(callbackUrl(product('http://here:1'), backend('https://tools.example/dg/'))).toBe('http://here:1');
});

test('hosts are those of our backends, and what a proxy makes of them', () => {
  const backends = [
    backend('https://tools.example:8443/dg', { host: 'datasetgan:9090' }),
    backend('http://localhost:9090', { host: '[::1]:9090' }),
    backend('http://other.example', { ours: false, host: 'other' }),
  ];
  expect(callbackHosts({ backends })).toEqual(['tools.example', 'datasetgan', 'localhost', '[::1]']);
});

test('a slash at the end makes no other backend', () => {
  expect(sameAddress('http://localhost:9090', 'http://localhost:9090/')).toBe(true);
  expect(sameAddress('http://localhost:9090/dg/', 'http://localhost:9090/dg')).toBe(true);
  expect(sameAddress('http://localhost:9090', 'http://localhost:9090/dg')).toBe(false);
  expect(sameAddress('http://localhost:9090', 'https://localhost:9090')).toBe(false);
  expect(sameAddress('http://localhost', 'http://localhost:80')).toBe(true);
});
