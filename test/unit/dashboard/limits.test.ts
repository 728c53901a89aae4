import { expect, test } from 'vitest';
import { bodySchema, fieldSchema, numberLimits, type OpenApi, querySchema, wordsOf } from '../../../src/dashboard/limits.ts';
import { harness } from '../../integration/server/harness.ts';

const { body } = await harness().http.get('/openapi.json').expect(200);
const api = body as OpenApi;
const order = bodySchema(api, 'DatasetOrder');
const limits = (...path: readonly (string | number)[]) => numberLimits(fieldSchema(order, path));

test('limits are read wherever a number stands', () => {
  expect(limits('count')).toEqual({ whole: true, from: 1, to: 10_000_000 });
  expect(limits('filter')).toEqual({ whole: false, from: 0, to: 0.5 });
  expect(limits('cutoff')).toEqual({ whole: true, from: 0, to: 100 });
  expect(limits('rules', 'areas', '*', 1)).toEqual({ whole: false, from: 0, to: 1 });
  expect(limits('rules', 'pieces')).toEqual(limits('rules', 'pieces', '*'));
  expect(numberLimits(querySchema(api, '/api/datasets/{id}/export', 'validation'))).toEqual({ whole: false, from: 0, to: 0.5 });
});

test('words are read from lists and choices', () => {
  expect(wordsOf(fieldSchema(order, ['regions']))).toEqual(['brush', 'bitmask', 'polygons']);
  expect(wordsOf(fieldSchema(order, ['destination']))).toEqual(['new', 'files']);
  expect(wordsOf(fieldSchema(order, ['formats', '*']))).toContain('coco');
});

test('what is not described has no limits', () => {
  expect(limits('nothing', 'here')).toEqual({ whole: false, from: -Infinity, to: Infinity });
  expect(numberLimits(querySchema(undefined, '/api', 'x')).to).toBe(Infinity);
});
