import type { RunTask } from '../../../export/export-format.ts';
import type { ExportTarget } from '../../../export/targets/export-target.ts';
import { folderTarget } from '../../../export/targets/folder-target.ts';
import { storageTarget } from '../../../export/targets/storage-target.ts';
import { writeFormats } from '../../../export/write-formats.ts';
import { canonicalJson } from '../../../interpreter/canonical-json.ts';
import { requireDataset } from '../../../store/datasets.ts';
import { listJobs } from '../../../store/jobs.ts';
import type { Dataset, JsonObject } from '../../../store/schema.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import type { JobContext } from '../../queue/delivery.ts';
import { chosenParts } from '../record/dataset-parts.ts';
import { exportedDataset } from './exported-dataset.ts';
import { placeOfFiles, prefixOfFiles, writtenFiles } from './written-files.ts';

/**
 * Writes the files of a dataset, unless they are there as an earlier run left them: a dataset that is resumed because something else of it failed
 * keeps them. Otherwise they are written again; in a folder, readers see those of an earlier run until those of this one are whole.
 */
export async function exportFiles(product: DatasetsContext, context: JobContext<'export'>): Promise<JsonObject> {
  const { signal, input } = context;
  const { formats } = input;
  const { db } = product.store;
  const dataset = await requireDataset(db, input.datasetId);
  const total = formats.length * dataset.delivered;
  const parts = (await chosenParts(db, dataset.id)).length;
  const place = placeOfFiles(product, dataset);
  const seen = async () => ({
    dataset: dataset.id,
    formats,
    place,
    pairs: dataset.delivered,
    parts,
    written: await writtenFiles(product, dataset, formats),
  });

  const [last] = await listJobs(db, { datasetId: dataset.id, kinds: ['export'], states: ['completed'], limit: 1 });
  if (last !== undefined) {
    const now = await seen();
    if (now.written !== undefined && canonicalJson(last.result) === canonicalJson(now)) {
      context.progress(total, total);
      return now;
    }
  }
  const exported = await exportedDataset(product, dataset, { signal });
  await writeFormats(formats, exported, await targetOf(product, dataset), {
    run: engineRunner(product, signal),
    signal,
    onPair: (done) => context.progress(done, total),
  });
  return await seen();
}

/** Codec work of the formats, in the worker thread for it. */
export function engineRunner({ engine }: Pick<Product, 'engine'>, signal?: AbortSignal): RunTask {
  return (task, input) => engine.run(task, input, { lane: 'codec', signal });
}

function targetOf({ storage }: Pick<Product, 'storage'>, dataset: Dataset): Promise<ExportTarget> {
  return storage.shared ? storageTarget(storage, prefixOfFiles(dataset), true) : folderTarget(dataset.folder, true);
}
