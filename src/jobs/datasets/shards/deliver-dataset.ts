import { DatasetGanError } from '../../../errors.ts';
import { lockDataset } from '../../../store/datasets.ts';
import { listJobs } from '../../../store/jobs.ts';
import type { Dataset, JsonObject } from '../../../store/schema.ts';
import { requireVersion } from '../../../store/versions.ts';
import { datasetFacts, provenanceText } from '../../../synthesis/provenance.ts';
import type { Records } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { recordOf } from '../../product/version-record.ts';
import type { JobInputs } from '../../queue/job-kinds.ts';
import { datasetLabels } from '../record/dataset-labels.ts';
import { chosenParts } from '../record/dataset-parts.ts';
import { isOpen } from '../record/dataset-state.ts';
import { optionsOf } from '../record/options-of.ts';
import { readRecords } from './read-pairs.ts';

/**
 * Asks for what the order wants of the pairs: a Label Studio project, files. Gives the ids of the jobs.
 * @throws DatasetGanError `cancelled` when the dataset was stopped in the last moment: whoever stops it finds these jobs, or they are not made
 */
export async function askForDelivery({ store, queues }: Records, dataset: Dataset): Promise<JsonObject> {
  const { destination, formats } = optionsOf(dataset);
  const input = { projectKey: dataset.project_key, datasetId: dataset.id };
  return store.db.transaction().execute(async (db) => {
    const now = await lockDataset(db, dataset.id);
    if (now === undefined || !isOpen(now.state)) throw new DatasetGanError('cancelled', 'The dataset was paused or cancelled.');
    // One that waits will find all pairs; one that runs began with fewer, perhaps.
    const waiting = await listJobs(db, { datasetId: dataset.id, kinds: ['export', 'publish'], states: ['queued'] });
    const ask = async <K extends 'export' | 'publish'>(kind: K, of: JobInputs[K]) =>
      waiting.find((job) => job.kind === kind)?.id ?? (await queues.enqueue(kind, of, { db }));
    return {
      ...(formats.length === 0 ? {} : { folder: dataset.folder, export: await ask('export', { ...input, formats }) }),
      ...(destination === 'files' ? {} : { publish: await ask('publish', input) }),
    };
  });
}

/** The text of a dataset's `dataset.json`. @throws DatasetGanError `wrong-state` before all its pairs are made */
export async function* datasetJson(product: Pick<Product, 'store' | 'generators'>, dataset: Dataset): AsyncGenerator<string> {
  const { db } = product.store;
  const parts = await chosenParts(db, dataset.id);
  const { generator, version } = parts[0]!.plan;
  const record = recordOf(await requireVersion(db, version));
  const facts = datasetFacts({
    dataset: dataset.id,
    title: dataset.title,
    labels: datasetLabels(record),
    keypoints: record.keypoints?.names,
    card: (await product.generators.find(generator)).card,
    parts,
  });
  yield* provenanceText(facts, readRecords(db, dataset), readRecords(db, dataset, 'dropped'));
}
