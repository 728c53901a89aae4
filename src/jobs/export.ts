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
  await writeFormats(formats, exported, await targetOf(product, dataset), {
    run: engineRunner(product, signal),
    signal,
    onPair: (done) => context.progress(done, formats.length * dataset.delivered),
  });
  return { dataset: dataset.id, formats, place: placeOfFiles(product, dataset) };
}

/** Codec work of the formats, in the worker thread for it. */
export function engineRunner({ engine }: Pick<Product, 'engine'>, signal?: AbortSignal): RunTask {
  return (task, input) => engine.run(task, input, { lane: 'codec', ...(signal === undefined ? {} : { signal }) });
}

/** In the storage where machines share one, else the dataset's folder. */
function targetOf({ storage }: Product, dataset: Dataset): Promise<ExportTarget> {
  return storage.shared ? storageTarget(storage, prefixOf(dataset), true) : folderTarget(dataset.folder, true);
}

const prefixOf = ({ id }: Pick<Dataset, 'id'>) => `datasets/${id}`;

/** Where the files of a dataset lie, in words. */
export function placeOfFiles({ storage }: Pick<Product, 'storage'>, dataset: Dataset): string {
  return storage.shared ? `${prefixOf(dataset)} in ${storage.place}` : dataset.folder;
}
