import { join } from 'node:path';
import type { RunTask } from '../export/export-format.ts';
import type { ExportTarget } from '../export/export-target.ts';
import { folderTarget } from '../export/folder-target.ts';
import { requireFormat } from '../export/formats.ts';
import { storageTarget } from '../export/storage-target.ts';
import { writeExport } from '../export/write-export.ts';
import { requireDataset } from '../store/datasets.ts';
import type { Dataset, JsonObject } from '../store/schema.ts';
import type { FileFormat } from './dataset-options.ts';
import { exportedDataset } from './exported-dataset.ts';
import type { Product } from './product.ts';
import type { JobContext } from './queue/delivery.ts';

/**
 * Writes the files of a dataset, one format after the other. A repeated run writes them anew; readers see the files of an earlier run until
 * those of this one are whole.
 */
export async function exportFiles(product: Product, context: JobContext<'export'>): Promise<JsonObject> {
  const { signal, input } = context;
  const dataset = await requireDataset(product.store.db, input.datasetId);
  const exported = await exportedDataset(product, dataset, signal);
  const total = input.formats.length * dataset.delivered;
  const places: Record<string, string> = {};
  for (const [index, format] of input.formats.entries()) {
    const { target, place } = await targetOf(product, dataset, format, input.formats.length === 1);
    await writeExport(requireFormat(format), exported, target, {
      run: engineRunner(product, signal),
      signal,
      onPair: (done) => context.progress(index * dataset.delivered + done, total),
    });
    places[format] = place;
  }
  return { dataset: dataset.id, formats: places };
}

/** Codec work of the formats, in the worker thread for it. */
export function engineRunner({ engine }: Pick<Product, 'engine'>, signal?: AbortSignal): RunTask {
  return (task, input) => engine.run(task, input, { lane: 'codec', ...(signal === undefined ? {} : { signal }) });
}

/** A format that is alone has the dataset's folder to itself; several have a folder each in it. */
async function targetOf(
  { storage }: Product,
  dataset: Dataset,
  format: FileFormat,
  alone: boolean,
): Promise<{ target: ExportTarget; place: string }> {
  if (storage.shared) {
    const prefix = `datasets/${dataset.id}/${format}`;
    return { target: await storageTarget(storage, prefix, true), place: `${prefix} in ${storage.place}` };
  }
  const folder = alone ? dataset.folder : join(dataset.folder, format);
  return { target: await folderTarget(folder, true), place: folder };
}
