import type { Dataset, JsonObject } from '../store/schema.ts';
import { requireVersion } from '../store/versions.ts';
import { datasetFacts, provenanceText } from '../synthesis/provenance.ts';
import { optionsOf } from './dataset-options.ts';
import { chosenParts } from './dataset-parts.ts';
import type { Product } from './product.ts';
import { readRecords } from './read-pairs.ts';

/** Asks for what the order wants of the pairs: a Label Studio project, files. Gives the ids of the jobs. */
export async function askForDelivery({ queues }: Product, dataset: Dataset): Promise<JsonObject> {
  const { destination, formats } = optionsOf(dataset);
  const input = { projectKey: dataset.project_key, datasetId: dataset.id };
  return {
    ...(formats.length === 0 ? {} : { folder: dataset.folder, export: await queues.enqueue('export', { ...input, formats }) }),
    ...(destination === 'files' ? {} : { publish: await queues.enqueue('publish', input) }),
  };
}

/** The text of a dataset's `dataset.json`. @throws DatasetGanError `wrong-state` before all its pairs are made */
export async function* datasetJson(product: Pick<Product, 'store' | 'generators'>, dataset: Dataset): AsyncGenerator<string> {
  const { db } = product.store;
  const parts = await chosenParts(db, dataset.id);
  const { generator, version } = parts[0]!.plan;
  const facts = datasetFacts({
    dataset: dataset.id,
    title: dataset.title,
    labels: (await requireVersion(db, version)).labels,
    card: (await product.generators.find(generator)).card,
    parts,
  });
  yield* provenanceText(facts, readRecords(db, dataset), readRecords(db, dataset, 'dropped'));
}
