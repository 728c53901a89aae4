import { expect, test } from 'vitest';
import { EMPTY_DRAFT, faultsOf, importBody, uploadPath } from '../../../../src/dashboard/pages/generators/import-draft.ts';

test('an empty draft imports with the defaults', () => {
  expect(faultsOf(EMPTY_DRAFT).size).toBe(0);
  expect(uploadPath('cats.pkl', EMPTY_DRAFT)).toBe('/api/generators/upload?filename=cats.pkl');
  expect(importBody('/nets/cats.pkl', EMPTY_DRAFT)).toEqual({ file: '/nets/cats.pkl' });
});

test('what is filled in goes along, as the API takes it', () => {
  const draft = {
    ...EMPTY_DRAFT,
    name: 'cats',
    psi: '0,5',
    labelSize: '256',
    rowsFrom: '64',
    rowsTo: '448',
    taps: 'editgan',
  } as const;
  expect(faultsOf(draft).size).toBe(0);
  const query = new URL(uploadPath('a&b=c #.pkl', draft), 'http://here').searchParams;
  expect(Object.fromEntries(query)).toEqual({
    filename: 'a&b=c #.pkl',
    name: 'cats',
    psi: '0.5',
    taps: 'editgan',
    labelSize: '256',
    rows: '64:448',
  });
  expect(importBody('/nets/cats.pkl', { ...draft, averageFile: '/nets/mean.npy' })).toEqual({
    file: '/nets/cats.pkl',
    name: 'cats',
    taps: 'editgan',
    averageFile: '/nets/mean.npy',
    psi: 0.5,
    labelSize: 256,
    rows: { from: 64, to: 448 },
  });
});

test.each([
  [{ name: 'Cats!' }, 'name'],
  [{ name: '-cats' }, 'name'],
  [{ psi: '2.1' }, 'psi'],
  [{ psi: 'half' }, 'psi'],
  [{ psi: ' ' }, 'psi'],
  [{ labelSize: '3' }, 'labelSize'],
  [{ labelSize: '256.5' }, 'labelSize'],
  [{ rowsFrom: '64' }, 'rows'],
  [{ rowsTo: '448' }, 'rows'],
  [{ rowsFrom: '448', rowsTo: '64' }, 'rows'],
] as const)('%j is a fault of %s', (fields, fault) => {
  expect([...faultsOf({ ...EMPTY_DRAFT, ...fields })]).toEqual([fault]);
});
