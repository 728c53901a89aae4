import { expect, test } from 'vitest';
import { datasetOrder } from '../../../src/api/requests.ts';
import { orderBody } from '../../../src/cli/order-options.ts';
import { checkInput } from '../../../src/server/check-input.ts';

test('every option arrives where the server takes it', () => {
  const body = orderBody({
    count: '50',
    title: 'Faces',
    version: 'dg-000000000001',
    filter: '0.2',
    psi: '0.7',
    cutoff: 'none',
    classes: '0,3',
    start: '7',
    rules: '{"present": ["Hair"], "pieces": 2}',
    'ignore-above': '0.3',
    formats: 'coco,voc,coco',
    destination: '12',
    push: 'annotations',
    regions: 'polygons',
  });
  expect(checkInput(datasetOrder, body)).toEqual({
    count: 50,
    title: 'Faces',
    version: 'dg-000000000001',
    filter: 0.2,
    psi: 0.7,
    cutoff: null,
    classes: [0, 3],
    seedStart: 7,
    rules: { present: ['Hair'], pieces: 2 },
    ignoreAbove: 0.3,
    formats: ['coco', 'voc'],
    destination: 12,
    push: 'annotations',
    regions: 'polygons',
  });
});

test('what was left out is left out', () => {
  expect(orderBody({ count: '5' })).toEqual({ count: 5 });
  expect(orderBody({ count: '5', destination: 'files', cutoff: '4', formats: '' })).toEqual({
    count: 5,
    destination: 'files',
    cutoff: 4,
    formats: [],
  });
});

test('what cannot be read is refused', () => {
  expect(() => orderBody({})).toThrow('--count is missing.');
  expect(() => orderBody({ count: '5', rules: '{present' })).toThrow('--rules is no JSON');
  expect(() => orderBody({ count: '5', classes: 'x' })).toThrow('--classes x is no class.');
  expect(() => orderBody({ count: '5', 'ignore-above': 'much' })).toThrow('--ignore-above much is not a number.');
});
