import { expect, test } from 'vitest';
import {
  LAST_SEED,
  psiOf,
  readLookQuery,
  turnPage,
  wholeNumber,
  writeLookQuery,
} from '../../../../src/dashboard/pages/look/look-query.ts';

const read = (text: string) => readLookQuery(new URLSearchParams(text));
const USUAL = { of: 'tasks', start: 0, version: undefined, beside: undefined, psi: undefined } as const;

test('an address says what is shown, and nothing where all is as usual', () => {
  expect(read('')).toEqual(USUAL);
  expect(writeLookQuery(USUAL)).toBe('');
  const query = { of: 'seeds', start: 48, version: 'dg-1', beside: 'truth', psi: 0.7 } as const;
  expect(read(writeLookQuery(query))).toEqual(query);
});

test('what makes no sense is left out', () => {
  expect(read('of=all&start=-1&version=&psi=9')).toEqual(USUAL);
  expect(read('start=1.5').start).toBe(0);
});

test('seeds and psi as they are typed', () => {
  expect([' 7 ', '0', String(LAST_SEED)].map(wholeNumber)).toEqual([7, 0, LAST_SEED]);
  expect(['', 'x', '-1', '1e3', '4294967296', null].map(wholeNumber)).toEqual(Array(6).fill(undefined));
  expect(['0.7', '0,7', '0', '2'].map(psiOf)).toEqual([0.7, 0.7, 0, 2]);
  expect(['', ' ', 'x', '-1', '2.1', null].map(psiOf)).toEqual(Array(6).fill(undefined));
});

test('pages turn as far as there are pictures', () => {
  expect(turnPage(0, 1, 25)).toBe(24);
  expect(turnPage(24, 1, 25)).toBe(24);
  expect(turnPage(30, -1, 100)).toBe(6);
  expect(turnPage(6, -1, 100)).toBe(0);
});
