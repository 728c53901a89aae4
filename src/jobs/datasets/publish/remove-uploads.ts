import { patchProject } from '../../../label-studio/client/projects.ts';
import { listTasks } from '../../../label-studio/client/tasks.ts';
import { deleteUploads, listUploads } from '../../../label-studio/client/uploads.ts';
import { isFilled } from '../../../store/dataset-projects.ts';
import { orderOfDataset, updateOrder } from '../../../store/orders.ts';
import type { Dataset } from '../../../store/schema.ts';
import { pairImage } from '../../../synthesis/pair-image.ts';
import type { Links } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { imageFileName } from '../../projects/image-delivery.ts';
import { linkProject } from '../../projects/linked-project.ts';
import { partsOf } from '../record/dataset-parts.ts';
import { planOf } from '../record/stored-plan.ts';
import { uploadsOf } from '../report/shown-results.ts';
import { readRecords } from '../shards/read-pairs.ts';
import { withoutLinks } from './describe-dataset.ts';

/**
 * Takes away preview and report of a dataset's order. For a dataset that is forgotten already, so that nobody uploads them again.
 */
export async function removeResults(product: Links & Pick<Product, 'log'>, dataset: Dataset): Promise<void> {
  const order = await orderOfDataset(product.store.db, dataset.id);
  const ids = order === undefined ? [] : uploadsOf(order).map(({ id }) => id);
  if (order === undefined || ids.length === 0) return;
  await ifPossible(product, dataset, async () => {
    const { connection, row } = await linkProject(product, dataset.project_key);
    await deleteUploads(connection, row.ls_id, ids);
  });
  await updateOrder(product.store.db, order, { shown: null });
}

/**
 * Takes away what the dataset's project no longer needs when it stays although the dataset is to be deleted: pictures of the dataset that no task
 * shows (of a push that was stopped, or repeated), and the words where its page and report are.
 */
export async function removeLeftovers(product: Links & Pick<Product, 'log' | 'generators'>, dataset: Dataset): Promise<void> {
  const { ls_project_key: key } = dataset;
  if (key !== null) await ifPossible(product, dataset, () => tidyProject(product, dataset, key));
}

/** A Label Studio that does not answer, or does not let us, is no reason to keep the dataset. */
async function ifPossible({ log }: Pick<Product, 'log'>, { id }: Dataset, remove: () => Promise<void>): Promise<void> {
  await remove().catch((err: unknown) =>
    log.warn({ err, dataset: id }, 'Label Studio may still have uploads of a deleted dataset'),
  );
}

async function tidyProject(product: Links & Pick<Product, 'generators'>, dataset: Dataset, key: string): Promise<void> {
  const { connection, row, found } = await linkProject(product, key);
  const said = found.description ?? '';
  if (row.dataset_id === dataset.id && withoutLinks(said) !== said)
    await patchProject(connection, row.ls_id, { description: withoutLinks(said) });
  // Another dataset that is on its way there may have pictures of the same names, and no tasks yet.
  if (await isFilled(product.store.db, key)) return;
  const pictures = await pictureNames(product, dataset);
  const uploads = (await listUploads(connection, row.ls_id)).filter(({ name }) => pictures.has(name));
  if (uploads.length === 0) return;
  const shown = new Set<unknown>();
  for await (const { data = {} } of listTasks(connection, row.ls_id, { fields: ['data'] }))
    for (const value of Object.values(data)) shown.add(value);
  const unused = uploads.filter(({ path }) => !shown.has(path));
  await deleteUploads(
    connection,
    row.ls_id,
    unused.map(({ id }) => id),
  );
}

/** Names of the files that its pairs have in Label Studio; none before all are made, since none is published before. */
async function pictureNames(product: Pick<Product, 'store' | 'generators'>, dataset: Dataset): Promise<Set<string>> {
  const parts = await partsOf(product.store.db, dataset.id);
  if (!parts.every(({ choice }) => choice !== null)) return new Set();
  const plan = planOf(dataset);
  const { card } = await product.generators.find(plan.generator);
  const names = new Set<string>();
  for await (const { seed } of readRecords(product.store.db, dataset)) names.add(imageFileName(pairImage(plan, card, seed)));
  return names;
}
