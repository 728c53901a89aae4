import { orderOfDataset } from '../../store/orders.ts';
import type { Dataset } from '../../store/schema.ts';
import type { Product } from '../product.ts';
import type { ShownResults } from '../show-results.ts';

/** Where a browser that sees Label Studio finds the report of a dataset: what was uploaded for its order, else our own address where that is public. */
export async function reportAddress({ settings, store }: Product, { id }: Pick<Dataset, 'id'>): Promise<string | undefined> {
  const order = await orderOfDataset(store.db, id);
  const shown = order?.shown as unknown as ShownResults | null | undefined;
  if (shown?.report !== undefined) return shown.report.path;
  return settings.publicUrl === null ? undefined : `${settings.publicUrl}/api/datasets/${id}/report`;
}
