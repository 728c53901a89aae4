import { expect, test } from 'vitest';
import { z } from 'zod';
import { storedJson } from '../../../src/store/stored-json.ts';

const schema = z.looseObject({ a: z.number(), list: z.array(z.looseObject({ b: z.string() })) });

test('gives what is stored, with its fields in their order', () => {
  const stored = { later: true, list: [{ c: null, b: 'x' }], a: 1 };
  expect(storedJson(schema, stored, 'the thing')).toBe(stored);
});

test('says which value cannot be read, where it is wrong, and what helps', () => {
  const read = (value: unknown) => () => storedJson(schema, value, 'the thing of dataset 7');
  const damaged = (where: string) =>
    expect.objectContaining({
      code: 'damaged-record',
      status: 500,
      message: expect.stringContaining(`the thing of dataset 7 in a form that cannot be read: ${where}`),
      fix: expect.stringContaining('datasetgan restore FILE'),
    });
  expect(read({ a: 1, list: [{ b: 'x' }, { b: 2 }] })).toThrow(damaged('list.1.b: '));
  expect(read({ list: [] })).toThrow(damaged('a: '));
  expect(read('text')).toThrow(damaged('Invalid input'));
  expect(read(null)).toThrow(damaged('Invalid input'));
});
