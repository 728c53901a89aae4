import { expect, test } from 'vitest';
import { DecodedCache, type SeenAnnotations } from '../../../../src/jobs/product/decoded-cache.ts';

const decoded = (taskId: number, bytes: number) =>
  ({ taskId, counted: { labelMap: { width: bytes, height: 1, data: new Uint8Array(bytes) } } }) as SeenAnnotations;
const entries = (taskId: number, bytes = 10) => new Map([[taskId, { signature: 's', decoded: decoded(taskId, bytes) }]]);

test('an entry is good for the annotations it was made from', () => {
  const cache = new DecodedCache();
  cache.set('p', entries(1));
  expect(cache.get('p', 1, 's')?.taskId).toBe(1);
  expect(cache.get('p', 1, 'changed')).toBeUndefined();
  expect(cache.get('q', 1, 's')).toBeUndefined();
});

test('what is set replaces all of the project: deleted tasks go', () => {
  const cache = new DecodedCache();
  cache.set('p', entries(1));
  cache.set('p', entries(2));
  expect(cache.get('p', 1, 's')).toBeUndefined();
  expect(cache.get('p', 2, 's')?.taskId).toBe(2);
});

test('beyond the limit the project used longest ago is forgotten', () => {
  const cache = new DecodedCache(100);
  cache.set('old', entries(1, 60));
  cache.set('new', entries(2, 60));
  expect(cache.get('old', 1, 's')).toBeUndefined();
  expect(cache.get('new', 2, 's')?.taskId).toBe(2);
});
