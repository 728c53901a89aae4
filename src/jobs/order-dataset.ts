import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { VersionRecord } from '../interpreter/version.ts';
import { insertDataset } from '../store/datasets.ts';
import { requireDiskFree } from '../store/disk-free.ts';
import { requireProject } from '../store/projects.ts';
import { json } from '../store/rows.ts';
import type { Database, Dataset, JsonObject } from '../store/schema.ts';
import { getSetting } from '../store/settings.ts';
import { listTasks, seedsInUse } from '../store/tasks.ts';
import type { Generator } from '../stylegan/generator.ts';
import { checkImage } from '../stylegan/image-identity.ts';
import { pictureSize } from '../stylegan/picture.ts';
import {
  candidateCount,
  DATASET_SEED_START,
  type DatasetPlan,
  DEFAULT_FILTER,
  planId,
  shardSize,
  shards,
} from '../synthesis/dataset-plan.ts';
import type { DatasetOrder } from './backend.ts';
import { orderOptions } from './dataset-options.ts';
import { configOf, imageOf } from './linked-project.ts';
import { checkDestination } from './order-destination.ts';
import { planRules } from './order-rules.ts';
import { orderVersion } from './order-version.ts';
import type { Product } from './product.ts';

/** Until a pair of a generator was measured: the bundled one on two cores. */
const FIRST_GUESS_SECONDS = 0.4;
/** Bytes of a pair on disk, at most: an uncompressible picture, and its mask. */
const bytesPerPair = ({ card }: Generator) => {
  const { width, height } = pictureSize(card);
  return width * height * 3 + card.labelSize.width * card.labelSize.height;
};

export const pairSecondsKey = (generator: string) => `pair-seconds/${generator}`;

/**
 * Orders a dataset of the project's current version, or a named one: fixes its plan (which seeds, dropped how) and asks for its synthesis, in one
 * step. psi and cutoff are those of the annotated tasks unless given.
 * @throws DatasetGanError `no-version` before the first version, `unknown-version`, `disk-full` when the pairs would not fit, `bad-request` past
 *   the last seed and for what the generator or the version cannot do; and checkDestination's
 */
export async function orderDataset(
  product: Product,
  projectKey: string,
  order: DatasetOrder,
  origin: JsonObject,
  within?: (db: Kysely<Database>, dataset: Dataset) => Promise<void>,
): Promise<{ dataset: Dataset; job: string }> {
  const { db } = product.store;
  const project = await requireProject(db, projectKey);
  const version = await orderVersion(db, project, order.version);
  const record = version.record as unknown as VersionRecord;
  const generator = await product.generators.find(version.generator_id);
  const { card } = generator;
  const id = randomUUID();
  const classes = order.classes ?? project.class_rule;
  const own = imageOf({ ...project, class_rule: classes }, generator, 0);
  const seconds = (await getSetting(db, pairSecondsKey(card.id))) as number | undefined;
  const labelled = await seedsInUse(db, card.id);
  const seedStart = order.seedStart ?? DATASET_SEED_START;
  const psi = order.psi ?? (await annotatedPsi(db, projectKey)) ?? own.psi;
  const cutoff = order.cutoff === undefined ? own.cutoff : order.cutoff;
  checkImage({ ...own, psi, cutoff }, card);
  const { sparse } = configOf(project);
  const plan: DatasetPlan = {
    generator: card.id,
    version: version.id,
    psi,
    cutoff,
    ...(classes === null ? {} : { classes }),
    seedStart,
    count: order.count,
    filter: order.filter ?? DEFAULT_FILTER,
    ...(order.rules === undefined ? {} : { rules: planRules(order.rules, record, card.labelSize, sparse) }),
    ...(order.ignoreAbove === undefined ? {} : { ignoreAbove: order.ignoreAbove }),
    shardSize: shardSize(seconds ?? FIRST_GUESS_SECONDS),
    skippedSeeds: labelled.filter((seed) => seed >= seedStart),
  };
  const options = orderOptions(order);
  const shown = record.annotatedLabels.filter((label) => label > 0).map((label) => record.labels[label]!);
  await checkDestination(product, project.host, options.destination, { labels: shown, sparse }, options.regions);
  await requireDiskFree(product.folder.root, candidateCount(plan.count, plan.filter) * bytesPerPair(generator));
  shards(plan);
  return db.transaction().execute(async (trx) => {
    const dataset = await insertDataset(trx, {
      id,
      plan_id: planId(plan),
      plan: json(plan),
      project_key: projectKey,
      title: order.title ?? `${project.title.slice(0, 30)}: ${order.count} pairs`,
      folder: product.folder.dataset(id),
      origin: json(origin),
      options: json(options),
    });
    await within?.(trx, dataset);
    const job = await product.queues.enqueue('synthesize', { projectKey, datasetId: id }, { db: trx });
    return { dataset, job };
  });
}

/** The psi that the annotated tasks were made with, where they agree. */
async function annotatedPsi(db: Kysely<Database>, projectKey: string): Promise<number | undefined> {
  const values = new Set((await listTasks(db, projectKey)).map(({ psi }) => psi));
  return values.size === 1 ? [...values][0] : undefined;
}
