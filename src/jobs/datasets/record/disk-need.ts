import type { Kysely } from 'kysely';
import type { DatasetOptions } from '../../../api/dataset-options.ts';
import { listDatasets, OPEN_STATES } from '../../../store/datasets.ts';
import { requireDiskFree } from '../../../store/disk-free.ts';
import type { Database } from '../../../store/schema.ts';
import { storedOf } from '../../../store/shards.ts';
import { candidateCount } from '../../../synthesis/dataset-plan.ts';
import type { VersionFiles } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { type Part, partsOf } from './dataset-parts.ts';
import { optionsOf } from './options-of.ts';
import { expectedPairCost } from './pair-cost.ts';

/** Candidates that parts still need, if every one passes their rules. */
export async function candidatesToCome(db: Kysely<Database>, parts: readonly Planned[]): Promise<number> {
  let sum = 0;
  for (const { planId, plan, choice } of parts) {
    if (choice !== null) continue;
    const { seeds } = await storedOf(db, [planId]);
    sum += Math.max(0, candidateCount(plan.count, plan.filter) - seeds);
  }
  return sum;
}

/** A part of a dataset, or one that may become one. */
type Planned = Pick<Part, 'planId' | 'plan' | 'choice'>;

/**
 * Bytes that parts are expected to take beyond those they have: their shards, and each pair once more for each format of files; by what pairs of
 * their generator were measured to take. Rules that refuse pairs make it more.
 */
export async function bytesToCome(
  { store, generators }: Pick<Product, 'store' | 'generators'>,
  parts: readonly Planned[],
  formats: number,
): Promise<number> {
  let sum = 0;
  for (const part of parts) {
    if (part.choice !== null) continue;
    const { bytes } = await expectedPairCost(store.db, (await generators.find(part.plan.generator)).card);
    sum += bytes * ((await candidatesToCome(store.db, [part])) + formats * part.plan.count);
  }
  return sum;
}

/**
 * Refuses work whose pairs would not fit on the disk together with those of the datasets that are worked on.
 * @throws DatasetGanError `disk-full`
 */
export async function requireRoomFor(
  product: VersionFiles & Pick<Product, 'generators'>,
  parts: readonly Planned[],
  { formats }: DatasetOptions,
): Promise<void> {
  const { store, folder, storage } = product;
  if (storage.folder === null) return await requireDiskFree(folder.root);
  let needed = await bytesToCome(product, parts, formats.length);
  for (const dataset of await listDatasets(store.db, { states: OPEN_STATES }))
    needed += await bytesToCome(product, await partsOf(store.db, dataset.id), optionsOf(dataset).formats.length);
  await requireDiskFree(storage.folder, needed);
}
