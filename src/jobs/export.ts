import type { RunTask } from '../export/export-format.ts';
import type { ExportTarget } from '../export/export-target.ts';
import { folderTarget } from '../export/folder-target.ts';
import { storageTarget } from '../export/storage-target.ts';
import { writeFormats } from '../export/write-formats.ts';
import { requireDataset } from '../store/datasets.ts';
import type { Dataset, JsonObject } from '../store/schema.ts';
import { exportedDataset } from './exported-dataset.ts';
import type { Product } from './product.ts';
import type { JobContext } from './queue/delivery.ts';

/**
 * Writes the files of a dataset. A repeated run writes them anew; in a folder, readers see the files of an earlier run until those of this one are
 * whole.
 */
export async function exportFiles(product: Product, context: JobContext<'export'>): Promise<JsonObject> {
  const { signal, input } = context;
  const { formats } = input;
  const dataset = await requireDataset(product.store.db, input.datasetId);
  const exported = await exportedDataset(product, dataset, { signal });
  const { target, place } = await targetOf(product, dataset);
  await writeFormats(formats, exported, target, {
    run: engineRunner(product, signal),
    signal,
    onPair: (done) => context.progress(done, formats.length * dataset.delivered),
  });
  return { dataset: dataset.id, formats, place };
}

/** Codec work of the formats, in the worker thread for it. */
export function engineRunner({ engine }: Pick<Product, 'engine'>, signal?: AbortSignal): RunTask {
  return (task, input) => engine.run(task, input, { lane: 'codec', ...(signal === undefined ? {} : { signal }) });
}

/** In the storage where machines share one, else the dataset's folder. */
async function targetOf({ storage }: Product, dataset: Dataset): Promise<{ target: ExportTarget; place: string }> {
  if (!storage.shared) return { target: await folderTarget(dataset.folder, true), place: dataset.folder };
  const prefix = `datasets/${dataset.id}`;
  return { target: await storageTarget(storage, prefix, true), place: `${prefix} in ${storage.place}` };
}
