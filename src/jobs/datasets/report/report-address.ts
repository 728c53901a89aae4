import { orderOfDataset } from '../../../store/orders.ts';
import type { Dataset } from '../../../store/schema.ts';
import type { Product } from '../../product/product.ts';
import { reportLink } from '../record/dataset-link.ts';
import { shownOf } from './shown-results.ts';

/** Where a browser that sees Label Studio finds the report of a dataset: what was uploaded for its order, else our own address where that is public. */
export async function reportAddress(
  product: Pick<Product, 'settings' | 'store' | 'linkSecret'>,
  dataset: Pick<Dataset, 'id'>,
): Promise<string | undefined> {
  const { settings, store } = product;
  const order = await orderOfDataset(store.db, dataset.id);
  const shown = order === undefined ? null : shownOf(order);
  if (shown?.report !== undefined) return shown.report.path;
  return settings.publicUrl === null ? undefined : reportLink(product, settings.publicUrl, dataset);
}
