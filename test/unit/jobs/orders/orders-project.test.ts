import { expect, test } from 'vitest';
import { ordersDescription, ordersOwner } from '../../../../src/jobs/orders/orders-project.ts';

test('an orders project says whose it is, and one of an earlier release or of somebody else says nothing', () => {
  const id = '5f0c8d8e-2f0b-4c1c-9d38-6f2f3f2a7b11';
  expect(ordersOwner(ordersDescription(id))).toBe(id);
  for (const said of ['Each task is an order. (DatasetGAN orders project)', `orders of ${id}`, '', null, undefined])
    expect(ordersOwner(said)).toBeNull();
});
