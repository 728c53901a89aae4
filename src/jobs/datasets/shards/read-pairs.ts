import type { Kysely } from 'kysely';
import { DatasetGanError, isError } from '../../../errors.ts';
import type { Database, Dataset } from '../../../store/schema.ts';
import { forgetShards, shardRecords } from '../../../store/shards.ts';
import { type Fate, fateOf } from '../../../synthesis/choose-pairs.ts';
import { shardSpan, shardsFor } from '../../../synthesis/dataset-plan.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import type { Product } from '../../product/product.ts';
import { type ChosenPart, chosenParts } from '../record/dataset-parts.ts';
import { readShard, type ShardPair, shardKey } from './shard-tar.ts';

export interface StoredPair {
  readonly record: PairRecord;
  /** RGB PNG. */
  readonly image: Uint8Array;
  /** Index PNG of the label size. */
  readonly mask: Uint8Array;
}

export interface ReadOptions {
  /** Pairs to pass over. */
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The pairs that a dataset delivers, part by part, in the order of their seeds; in constant memory.
 * @throws DatasetGanError `wrong-state` before all its pairs are made, `corrupt-file` where a shard is lost or damaged, the signal's reason
 */
export async function* readPairs(
  { store, storage }: Pick<Product, 'store' | 'storage'>,
  dataset: Pick<Dataset, 'id'>,
  { from = 0, signal }: ReadOptions = {},
): AsyncGenerator<StoredPair> {
  let skip = from;
  for await (const { planId, index, records } of readShards(store.db, dataset.id, await chosenParts(store.db, dataset.id))) {
    const kept = records.filter(({ fate }) => fate === 'kept').map(({ record }) => record);
    const wanted = new Map(kept.slice(skip).map((record) => [record.seed, record]));
    skip = Math.max(0, skip - kept.length);
    if (wanted.size === 0) continue;
    let left = wanted.size;
    try {
      const stream = await storage.stream(shardKey(planId, index));
      for await (const { seed, image, mask } of readShard(stream, (one) => wanted.has(one))) {
        signal?.throwIfAborted();
        left--;
        yield { record: wanted.get(seed)!, image, mask };
      }
      if (left > 0) throw new DatasetGanError('corrupt-file', `${left} of its pairs are missing.`);
    } catch (error) {
      if (!isError(error, 'corrupt-file')) throw error;
      // So that it is made again when the dataset is resumed.
      await forgetShards(store.db, planId, [index]);
      throw lost(dataset.id, index, error);
    }
  }
}

/**
 * Pairs of certain seeds, whatever became of them, by seed. Those that no candidate of the dataset has are missing.
 * @throws DatasetGanError as readPairs
 */
export async function readPairsOf(
  { store, storage }: Pick<Product, 'store' | 'storage'>,
  dataset: Pick<Dataset, 'id'>,
  seeds: readonly number[],
  signal?: AbortSignal,
): Promise<Map<number, ShardPair>> {
  const found = new Map<number, ShardPair>();
  for (const { planId, plan, choice } of await chosenParts(store.db, dataset.id)) {
    for (let index = 0; index < shardsFor(plan, choice.tried); index++) {
      const { first, last } = shardSpan(plan, index);
      const wanted = seeds.filter((seed) => seed >= first && seed <= last);
      if (wanted.length === 0) continue;
      signal?.throwIfAborted();
      const stream = await storage.stream(shardKey(planId, index));
      for await (const pair of readShard(stream, (seed) => wanted.includes(seed))) found.set(pair.seed, pair);
    }
  }
  return found;
}

/** The records of a dataset's candidates with that fate, in the same order. */
export async function* readRecords(
  db: Kysely<Database>,
  dataset: Pick<Dataset, 'id'>,
  fate: Fate = 'kept',
): AsyncGenerator<PairRecord> {
  yield* readPartRecords(db, dataset.id, await chosenParts(db, dataset.id), fate);
}

/** The records of those parts' candidates with that fate. `datasetId` is named where a shard is lost. */
export async function* readPartRecords(
  db: Kysely<Database>,
  datasetId: string,
  parts: readonly ChosenPart[],
  fate: Fate = 'kept',
): AsyncGenerator<PairRecord> {
  for await (const { records } of readShards(db, datasetId, parts))
    for (const { record, fate: own } of records) if (own === fate) yield record;
}

interface ShardFates {
  readonly planId: string;
  readonly index: number;
  readonly records: readonly { readonly record: PairRecord; readonly fate: Fate }[];
}

async function* readShards(db: Kysely<Database>, datasetId: string, parts: readonly ChosenPart[]): AsyncGenerator<ShardFates> {
  for (const { planId, plan, choice } of parts) {
    for (let index = 0; index < shardsFor(plan, choice.tried); index++) {
      const records = (await shardRecords(db, planId, index)) as PairRecord[] | undefined;
      if (records === undefined) throw lost(datasetId, index);
      yield { planId, index, records: records.map((record) => ({ record, fate: fateOf(record, plan, choice) })) };
    }
  }
}

function lost(datasetId: string, index: number, cause?: unknown): DatasetGanError {
  return new DatasetGanError('corrupt-file', `Shard ${index} of dataset ${datasetId} is lost or damaged.`, {
    fix: 'Resume the dataset. The server then makes the shard again.',
    cause,
  });
}
