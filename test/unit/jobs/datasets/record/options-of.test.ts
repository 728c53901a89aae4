import { expect, test } from 'vitest';
import { optionsOf } from '../../../../../src/jobs/datasets/record/options-of.ts';

const id = '3f2a';

test('what was not chosen has its default', () => {
  expect(optionsOf({ id, options: {} })).toEqual({ destination: 'new', formats: ['index-png'], push: 'predictions' });
});

test('what was chosen stays, with what a later release adds', () => {
  const options = { destination: 7, formats: [], push: 'annotations', regions: 'polygons', later: true };
  expect(optionsOf({ id, options })).toEqual(options);
});

test.each([
  [{ destination: 'elsewhere' }, 'destination'],
  [{ formats: ['gif'] }, 'formats.0'],
  [{ push: null }, 'push'],
  [{ regions: 'circles' }, 'regions'],
])('%o is no choice: the dataset and the field are named', (options, field) => {
  expect(() => optionsOf({ id, options })).toThrow(
    expect.objectContaining({ code: 'damaged-record', message: expect.stringContaining(`the options of dataset ${id}`) }),
  );
  expect(() => optionsOf({ id, options })).toThrow(field);
});
