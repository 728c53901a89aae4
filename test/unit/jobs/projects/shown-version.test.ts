import { expect, test } from 'vitest';
import { shownVersionStep } from '../../../../src/jobs/projects/shown-version.ts';

const at = { found: 'DatasetGAN', title: 'DatasetGAN', written: null, current: 'dg-2', complete: true };

test('a complete refresh shows the version, an incomplete one the title', () => {
  expect(shownVersionStep(at)).toEqual({ write: 'dg-2' });
  expect(shownVersionStep({ ...at, complete: false })).toEqual({ keep: 'right' });
  expect(shownVersionStep({ ...at, found: 'dg-1', written: 'dg-1', complete: false })).toEqual({ write: 'DatasetGAN' });
  expect(shownVersionStep({ ...at, found: 'dg-2', written: 'dg-2' })).toEqual({ keep: 'right' });
  expect(shownVersionStep({ ...at, current: null })).toEqual({ keep: 'right' });
});

test('empty and null are ours to fill', () => {
  for (const found of ['', null]) expect(shownVersionStep({ ...at, found })).toEqual({ write: 'dg-2' });
});

test("any other value is the user's choice", () => {
  expect(shownVersionStep({ ...at, found: 'dg-1', written: 'dg-0' })).toEqual({ keep: 'chosen by the user' });
});
