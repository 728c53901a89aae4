import { createHmac, timingSafeEqual } from 'node:crypto';
import { DatasetGanError } from '../../../errors.ts';
import { requireProject } from '../../../store/projects.ts';
import type { Dataset, Project } from '../../../store/schema.ts';
import type { Product } from '../../product/product.ts';

type LinkSecret = Pick<Product, 'linkSecret'>;

/**
 * What a link to a dataset's files or report carries instead of the API token, so that a browser can follow it: HMAC-SHA256 over the dataset's id with
 * a secret of the server, base64url. It opens what can be read of that dataset and nothing else, until the dataset is deleted.
 */
export function linkKey({ linkSecret }: LinkSecret, datasetId: string): string {
  return createHmac('sha256', linkSecret).update(`dataset ${datasetId}`).digest('base64url');
}

/** @throws DatasetGanError `unauthorized` for any other key than that of the dataset */
export function checkLinkKey(product: LinkSecret, datasetId: string, key: string): void {
  const [sent, right] = [Buffer.from(key), Buffer.from(linkKey(product, datasetId))];
  if (sent.length === right.length && timingSafeEqual(sent, right)) return;
  throw new DatasetGanError('unauthorized', 'This link is not valid.', {
    fix: "Copy the complete link from the order's task, or use the API token.",
  });
}

/** Address of a tar or zip of the dataset's files in those formats. */
export function filesLink(
  product: LinkSecret,
  base: string,
  { id }: Pick<Dataset, 'id'>,
  formats: readonly string[],
  archive: 'tar' | 'zip',
): string {
  return `${base}/api/datasets/${id}/export?format=${formats.join(',')}&archive=${archive}&key=${linkKey(product, id)}`;
}

/** Address of the dataset's report. */
export function reportLink(product: LinkSecret, base: string, { id }: Pick<Dataset, 'id'>): string {
  return `${base}/api/datasets/${id}/report?key=${linkKey(product, id)}`;
}

/** Address of the dataset on our page; a browser that opens it needs to be let in, as everywhere on the page. */
export function pageLink(base: string, { id }: Pick<Dataset, 'id'>): string {
  return `${base}/#/datasets/${encodeURIComponent(id)}`;
}

/** Where browsers reach us, as far as we know: PUBLIC_URL, else where the Label Studio of the dataset's project does. */
export async function browserAddress(
  product: Pick<Product, 'settings' | 'store'>,
  { project_key: key }: Pick<Dataset, 'project_key'>,
): Promise<string | null> {
  return product.settings.publicUrl ?? addressOf(product, await requireProject(product.store.db, key));
}

/** browserAddress of the datasets of a labelling project. */
export function addressOf(
  { settings: { publicUrl, callbackUrl } }: Pick<Product, 'settings'>,
  { callback_url: own }: Project,
): string | null {
  return publicUrl ?? (callbackUrl ?? own)?.replace(/\/+$/, '') ?? null;
}
