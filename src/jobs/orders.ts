import type { Product } from './product.ts';
import type { JobContext } from './queue/delivery.ts';
export async function checkOrders(_p: Product, _c: JobContext<'orders'>): Promise<Record<string, unknown>> {
  return {};
}
