import type { DatasetOptions } from '../../../api/dataset-options.ts';
import { partsOfDatasets } from '../../../store/dataset-parts.ts';
import { listDatasets, OPEN_STATES } from '../../../store/datasets.ts';
import { requireDiskFree } from '../../../store/disk-free.ts';
import { NOTHING_STORED, type Stored, storedOf } from '../../../store/shards.ts';
import { candidateCount } from '../../../synthesis/dataset-plan.ts';
import type { VersionFiles } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { type Part, partOfRow } from './dataset-parts.ts';
import { optionsOf } from './options-of.ts';
import { type ExpectedCost, pairCosts } from './pair-cost.ts';

/** A part of a dataset, or one that may become one. */
type Planned = Pick<Part, 'planId' | 'plan' | 'choice'>;

/**
 * Candidates that parts still need, if every one passes their rules.
 * @param stored by plan (storedOf)
 */
export function candidatesToCome(parts: readonly Planned[], stored: ReadonlyMap<string, Stored>): number {
  let sum = 0;
  for (const { planId, plan, choice } of parts) {
    if (choice !== null) continue;
    const { seeds } = stored.get(planId) ?? NOTHING_STORED;
    sum += Math.max(0, candidateCount(plan.count, plan.filter) - seeds);
  }
  return sum;
}

/** What is known of the pairs that are to be made. */
export interface PairsToCome {
  /** By plan (storedOf). */
  readonly stored: ReadonlyMap<string, Stored>;
  /** What a pair of a generator is expected to cost, by its id (pairCosts). */
  readonly costOf: (generator: string) => Promise<ExpectedCost>;
}

/**
 * Bytes that parts are expected to take beyond those they have: their shards, and each pair once more for each format of files; by what pairs of
 * their generator were measured to take. Rules that refuse pairs make it more.
 */
export async function bytesToCome(parts: readonly Planned[], formats: number, { stored, costOf }: PairsToCome): Promise<number> {
  let sum = 0;
  for (const part of parts) {
    if (part.choice !== null) continue;
    const { bytes } = await costOf(part.plan.generator);
    sum += bytes * (candidatesToCome([part], stored) + formats * part.plan.count);
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
  const open = await listDatasets(store.db, { states: OPEN_STATES });
  const rows = await partsOfDatasets(
    store.db,
    open.map(({ id }) => id),
  );
  const plans = [...parts.map(({ planId }) => planId), ...rows.map((row) => row.plan_id)];
  const known = { stored: await storedOf(store.db, plans), costOf: pairCosts(product) };
  let needed = await bytesToCome(parts, formats.length, known);
  for (const dataset of open) {
    const own = rows.filter((row) => row.dataset_id === dataset.id).map(partOfRow);
    needed += await bytesToCome(own, optionsOf(dataset).formats.length, known);
  }
  await requireDiskFree(storage.folder, needed);
}
