import { orderOfDataset } from '../../../store/orders.ts';
import type { Dataset } from '../../../store/schema.ts';
import type { Product } from '../../product/product.ts';
import { reportLink } from '../record/dataset-link.ts';
import type { ShownResults } from './shown-results.ts';

/** Where a browser that sees Label Studio finds the report of a dataset: what was uploaded for its order, else our own address where that is public. */
export async function reportAddress(product: Product, dataset: Pick<Dataset, 'id'>): Promise<string | undefined> {
  const { settings, store } = product;
  const order = await orderOfDataset(store.db, dataset.id);
  const shown = order?.shown as unknown as ShownResults | null | undefined;
  if (shown?.report !== undefined) return shown.report.path;
  return settings.publicUrl === null ? undefined : reportLink(product, settings.publicUrl, dataset);
}
