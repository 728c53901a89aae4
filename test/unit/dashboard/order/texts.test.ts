import { expect, test } from 'vitest';
import { REGION_FORMS } from '../../../../src/api/dataset-options.ts';
import { texts } from '../../../../src/dashboard/texts.ts';
import { FORMAT_NAMES } from '../../../../src/export/format-names.ts';

test('the page says what each format and each form of region is for', () => {
  expect(Object.keys(texts.order.formats)).toEqual(FORMAT_NAMES);
  expect(Object.keys(texts.order.regionForms)).toEqual(REGION_FORMS);
});
