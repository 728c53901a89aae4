import { createWebhook, deleteWebhook, listWebhooks } from '../../label-studio/client/webhooks.ts';
import { isOurs } from '../../label-studio/doctor/same-server.ts';
import { SECRET_HEADER } from '../../label-studio/requests/webhook-event.ts';
import { updateProject } from '../../store/projects.ts';
import type { BackendRecord } from '../../store/records.ts';
import { json } from '../../store/rows.ts';
import type { Project } from '../../store/schema.ts';
import type { Product } from '../product/product.ts';
import type { LinkedProject } from './linked-project.ts';

/**
 * Sees to it that the project's events reach us. Connecting in the browser makes a webhook, unless Label Studio does not like the host; then, when it
 * was deleted, and in the orders project, we make one.
 * @throws DatasetGanError `label-studio-error` when Label Studio refuses the address
 */
export async function ensureWebhook(
  product: Pick<Product, 'settings' | 'store' | 'webhookSecret'>,
  { row, connection }: LinkedProject,
  signal: AbortSignal,
): Promise<void> {
  if (row.callback_url === null) return;
  const hooks = await listWebhooks(connection, row.ls_id, signal);
  if (hooks.some((hook) => hook.is_active && isOurWebhook(product, row, hook.url))) return;
  const url = `${row.callback_url}/webhook`;
  const hook = await createWebhook(connection, row.ls_id, { url, headers: { [SECRET_HEADER]: product.webhookSecret } }, signal);
  await updateProject(product.store.db, row.key, { webhooks: json([...row.webhooks, { id: hook.id, url }]) });
}

/** Takes away the webhooks that we made in the project. */
export async function deleteOwnWebhooks(
  { store }: Pick<Product, 'store'>,
  { row, connection }: Omit<LinkedProject, 'found'>,
): Promise<void> {
  for (const { id } of row.webhooks) await deleteWebhook(connection, id);
  if (row.webhooks.length > 0) await updateProject(store.db, row.key, { webhooks: json([]) });
}

type Addresses = Pick<Project, 'callback_url' | 'backends'>;

/** Whether a webhook that Label Studio stores leads to this server: below the address of an ML backend of ours, or one that our settings name. */
export function isOurWebhook(
  { settings }: Pick<Product, 'settings'>,
  { callback_url: callback, backends }: Addresses,
  url: string,
): boolean {
  const own = [callback, settings.callbackUrl, settings.publicUrl].filter((address) => address !== null);
  return isOurs(url, [...own, ...backends.filter(({ ours }) => ours).map((backend) => backend.url)]);
}

/** Where Label Studio reaches us: CALLBACK_URL, or the address that it has stored of the ML backend. Without a slash at the end. */
export function callbackUrl({ settings }: Pick<Product, 'settings'>, backend: Pick<BackendRecord, 'url'>): string {
  return settings.callbackUrl ?? backend.url.replace(/\/+$/, '');
}

/** The names, without ports, by which Label Studio reaches us, and those that a proxy makes of them. */
export function callbackHosts({ backends }: Pick<Project, 'backends'>): string[] {
  const own = backends.filter(({ ours }) => ours);
  const urls = own.flatMap(({ url, host }) => [url, ...(host === null ? [] : [`http://${host}`])]);
  return urls.flatMap((url) => URL.parse(url)?.hostname ?? []);
}
