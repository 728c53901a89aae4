import { createWebhook, deleteWebhook, listWebhooks } from '../label-studio/client/webhooks.ts';
import { updateProject } from '../store/projects.ts';
import { json } from '../store/rows.ts';
import { isOurWebhook } from './callback-address.ts';
import type { LinkedProject } from './linked-project.ts';
import type { Product } from './product.ts';

/** Header of the webhooks we make; an event that carries another value is ignored. */
export const SECRET_HEADER = 'X-DatasetGAN-Secret';

/**
 * Sees to it that the project's events reach us. Connecting in the browser makes a webhook, unless Label Studio does not like the host; then, when it
 * was deleted, and in the orders project, we make one.
 * @throws DatasetGanError `label-studio-error` when Label Studio refuses the address
 */
export async function ensureWebhook(product: Product, { row, connection }: LinkedProject, signal: AbortSignal): Promise<void> {
  if (row.callback_url === null) return;
  const hooks = await listWebhooks(connection, row.ls_id, signal);
  if (hooks.some((hook) => hook.is_active && isOurWebhook(product, row, hook.url))) return;
  const url = `${row.callback_url}/webhook`;
  const hook = await createWebhook(connection, row.ls_id, { url, headers: { [SECRET_HEADER]: product.webhookSecret } }, signal);
  await updateProject(product.store.db, row.key, { webhooks: json([...row.webhooks, { id: hook.id, url }]) });
}

/** Takes away the webhooks that we made in the project. */
export async function deleteOwnWebhooks({ store }: Product, { row, connection }: Omit<LinkedProject, 'found'>): Promise<void> {
  for (const { id } of row.webhooks) await deleteWebhook(connection, id);
  if (row.webhooks.length > 0) await updateProject(store.db, row.key, { webhooks: json([]) });
}
