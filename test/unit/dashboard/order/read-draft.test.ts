import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BODIES } from '../../../../src/api/requests.ts';
import type { Schema } from '../../../../src/dashboard/limits.ts';
import { emptyDraft, type OrderDraft } from '../../../../src/dashboard/pages/order/order-draft.ts';
import { readDraft } from '../../../../src/dashboard/pages/order/read-draft.ts';

/** As /openapi.json has it. */
const schema = z.toJSONSchema(BODIES.DatasetOrder, { io: 'input' }) as Schema;
const LABELS = ['Background', 'Hair', 'Face'];

const draft = (change: Partial<OrderDraft> = {}): OrderDraft => ({ ...emptyDraft(LABELS, ['nose']), ...change });
const rows = (...changes: readonly Partial<OrderDraft['rows'][number]>[]) =>
  draft().rows.map((row, index) => ({ ...row, ...changes[index] }));
const errorsOf = (change: Partial<OrderDraft>) => readDraft(draft(change), schema).errors;
const inReadersLocale = (text: string) =>
  text.replace(/\d[\d,]*\d/g, (digits) => Number(digits.replaceAll(',', '')).toLocaleString());
/** What the server takes from it. */
const taken = (change: Partial<OrderDraft>) => {
  const { body, errors } = readDraft(draft(change), schema);
  expect(errors).toEqual({});
  return BODIES.DatasetOrder.parse(JSON.parse(JSON.stringify(body)));
};

describe('what is typed right', () => {
  test('an untouched form orders with the defaults of the server', () => {
    expect(taken({})).toEqual({ count: 1000, destination: 'new', push: 'predictions' });
  });

  test('every field reaches the order', () => {
    const order = taken({
      count: '12',
      title: '  Faces  ',
      version: 'dg-1',
      destination: 'named',
      named: '7',
      push: 'annotations',
      regions: 'polygons',
      formats: ['coco', 'voc'],
      filter: '7',
      psi: '0.7',
      cutoff: ' None ',
      classes: '0, 3',
      seedStart: '4294967295',
      ignoreAbove: '0.25',
      areaFactor: '2',
      pieces: '3',
      nearest: '0.8',
      rows: rows({ least: '10' }, { shown: true, least: '5', most: '40', pieces: '1' }, {}, { shown: true }),
    });
    expect(order).toEqual({
      count: 12,
      title: 'Faces',
      version: 'dg-1',
      destination: 7,
      push: 'annotations',
      regions: 'polygons',
      formats: ['coco', 'voc'],
      filter: 0.07,
      psi: 0.7,
      cutoff: null,
      classes: [0, 3],
      seedStart: 4_294_967_295,
      ignoreAbove: 0.25,
      rules: {
        present: ['Hair', 'nose'],
        areas: { Background: [0.1, 1], Hair: [0.05, 0.4] },
        areaFactor: 2,
        pieces: { Hair: 1, Face: 3 },
        nearest: 0.8,
      },
    });
  });

  test('files alone have no push; no format chosen is no file', () => {
    const order = taken({ destination: 'files', formats: [], regions: 'brush', push: 'annotations' });
    expect(order).toEqual({ count: 1000, destination: 'files', formats: [] });
  });

  test('one number of pieces is for all labels; classes are one, several or all', () => {
    expect(taken({ pieces: '2' }).rules).toEqual({ pieces: 2 });
    expect([taken({ classes: '3' }).classes, taken({ classes: 'ALL' }).classes]).toEqual([3, 'all']);
  });
});

describe('what is typed wrong', () => {
  test.each<[string, string, string]>([
    ['count', '', 'This is needed.'],
    ['count', '0', 'This must be a whole number from 1 to 10,000,000.'],
    ['count', '1.5', 'This must be a whole number from 1 to 10,000,000.'],
    ['count', 'many', 'This must be a whole number from 1 to 10,000,000.'],
    ['title', 'ab', 'This must have 3 to 50 characters.'],
    ['filter', '51', 'This must be a number from 0 to 50.'],
    ['psi', '2.1', 'This must be a number from 0 to 2.'],
    ['cutoff', '101', 'This must be a whole number from 0 to 100.'],
    ['cutoff', 'all', 'This must be a whole number from 0 to 100.'],
    ['classes', '1, x', 'This must be a whole number from 0 to 1,000,000.'],
    ['seedStart', '4294967296', 'This must be a whole number from 0 to 4,294,967,295.'],
    ['ignoreAbove', '-1', 'This must be a number from 0 to 3.'],
    ['areaFactor', '0.5', 'This must be a number from 1 to 1,000.'],
    ['pieces', '0', 'This must be a whole number from 1 to 1,000,000.'],
    ['nearest', '101', 'This must be a number from 0 to 100.'],
  ])('%s %s', (field, value, error) => {
    expect(errorsOf({ [field]: value })).toEqual({ [field]: inReadersLocale(error) });
  });

  test('a named project needs its number', () => {
    expect(errorsOf({ destination: 'named' })).toEqual({ named: 'This is needed.' });
    expect(errorsOf({ destination: 'new', named: 'x' })).toEqual({});
  });

  test('areas and pieces of one label', () => {
    expect(errorsOf({ rows: rows({ most: '101' }, { least: '50', most: '40' }, { pieces: '1.5' }) })).toEqual({
      'areas 0': 'This must be a number from 0 to 100.',
      'areas 1': 'The smallest area is larger than the largest.',
      'pieces 2': inReadersLocale('This must be a whole number from 1 to 1,000,000.'),
    });
  });
});
