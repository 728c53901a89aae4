import { expect, test } from 'vitest';
import { readNumber } from '../../../src/dashboard/read-number.ts';

test.each([
  ['en', '1000', 1000],
  ['en', ' 10,000 ', 10_000],
  ['en', '1,234,567', 1_234_567],
  ['en', '0.5', 0.5],
  ['en', '0,5', 0.5],
  ['en', '-3', -3],
  ['en', '.25', 0.25],
  ['de', '10.000', 10_000],
  ['de', '0,5', 0.5],
  ['de', '0.5', 0.5],
  ['de', '1.234,5', 1234.5],
  ['fr', '10 000', 10_000],
  ['fr', '10 000,5', 10_000.5],
])('in %s, %s is %d', (locale, text, value) => {
  expect(readNumber(text, locale)).toBe(value);
});

test.each(['abc', '1e5', '12 pairs', '1,2,3', '--1', 'NaN', '0x10', '1,2345,678'])('%s is not a number', (text) => {
  expect(readNumber(text, 'en')).toBeNaN();
});

test('nothing is nothing', () => {
  expect(readNumber('  ', 'en')).toBeUndefined();
});
