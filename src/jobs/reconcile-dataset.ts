import { countTasks } from '../label-studio/client/tasks.ts';
import { deleteDoubleTasks } from '../label-studio/push/delete-double-tasks.ts';
import { isFilled, sourcesOf } from '../store/dataset-projects.ts';
import { requireProject, updateProject } from '../store/projects.ts';
import type { Project } from '../store/schema.ts';
import type { Records } from './product/contexts.ts';
import type { Product } from './product/product.ts';
import { deleteOwnWebhooks, ensureWebhook } from './projects/ensure-webhook.ts';
import type { LinkedProject } from './projects/linked-project.ts';
import { noticeChanges } from './training/notice-changes.ts';

/** What people change in a dataset project trains the projects that it was made from. */
export async function reconcileDataset(
  product: Records & Pick<Product, 'settings' | 'webhookSecret'>,
  linked: LinkedProject,
  signal: AbortSignal,
): Promise<Project['state']> {
  const { row, found } = linked;
  const { db } = product.store;
  const sources = (await sourcesOf(db, row.key)).filter(({ state }) => state === 'connected');
  const callback = sources.find(({ callback_url: url }) => url !== null)?.callback_url ?? null;
  if (row.title !== found.title || row.label_config !== found.label_config || row.callback_url !== callback)
    await updateProject(db, row.key, { title: found.title, label_config: found.label_config, callback_url: callback });
  if (sources.length === 0) {
    await deleteOwnWebhooks(product, linked);
    return 'connected';
  }
  await dropLateDoubles(product, linked, signal);
  await noticeChanges(
    product,
    linked,
    sources.map(({ key }) => key),
    signal,
  );
  // Last: without a webhook everything else still works, a minute later.
  await ensureWebhook(product, { ...linked, row: await requireProject(db, row.key) }, signal);
  return 'connected';
}

/**
 * An import that Label Studio took too long for is sent again when it is not there yet, and may still be carried out, minutes after the push is
 * over. So once the number of tasks has changed, what is there twice goes.
 */
async function dropLateDoubles(
  { store }: Pick<Product, 'store'>,
  { row, connection }: LinkedProject,
  signal: AbortSignal,
): Promise<void> {
  if (await isFilled(store.db, row.key)) return;
  const tasks = String(await countTasks(connection, row.ls_id, [], signal));
  if (String(row.fingerprint?.text ?? '').startsWith(`${tasks}|`)) return;
  await deleteDoubleTasks(connection, row.ls_id, signal);
}
