import { type Kysely, sql } from 'kysely';
import { json } from './rows.ts';
import type { Database } from './schema.ts';

/** What is stored of a shard, beside its pairs: their records, in seed order. */
export interface ShardResult {
  readonly planId: string;
  readonly index: number;
  /** Candidates in it. */
  readonly seeds: number;
  /** Of its object in the storage. */
  readonly bytes: number;
  readonly records: readonly object[];
}

/**
 * Commits a shard whose object is stored. The first result wins: false when there was one already, or when no dataset has a part of that plan
 * any more; `wanted` tells which.
 */
export async function completeShard(db: Kysely<Database>, shard: ShardResult): Promise<{ committed: boolean; wanted: boolean }> {
  const { planId, index, seeds, bytes, records } = shard;
  return db.transaction().execute(async (trx) => {
    // Held until the row is there: whoever deletes the dataset meanwhile waits, and finds the shard.
    const part = await trx
      .selectFrom('dataset_parts')
      .select('index')
      .where('plan_id', '=', planId)
      .forShare()
      .executeTakeFirst();
    if (part === undefined) return { committed: false, wanted: false };
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('shards')
      .values({ plan_id: planId, index, seeds, bytes, result: json(records) })
      .onConflict((conflict) => conflict.columns(['plan_id', 'index']).doNothing())
      .executeTakeFirstOrThrow();
    return { committed: (numInsertedOrUpdatedRows ?? 0n) > 0n, wanted: true };
  });
}

/** Of the plan's first `shards` shards, those that are not stored, the first ones first. */
export async function missingShards(db: Kysely<Database>, planId: string, shards: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ index: number }>`
    select wanted.index from generate_series(0, ${shards}::integer - 1) as wanted(index)
    where not exists (select from shards where plan_id = ${planId} and shards.index = wanted.index)
    order by wanted.index limit ${limit}::integer`.execute(db);
  return rows.map(({ index }) => index);
}

/** Size in bytes of each stored shard of the plan, by its index. */
export async function shardSizes(db: Kysely<Database>, planId: string): Promise<Map<number, number>> {
  const rows = await db.selectFrom('shards').select(['index', 'bytes']).where('plan_id', '=', planId).execute();
  return new Map(rows.map(({ index, bytes }) => [index, bytes]));
}

export async function hasShard(db: Kysely<Database>, planId: string, index: number): Promise<boolean> {
  const row = await db
    .selectFrom('shards')
    .select('index')
    .where('plan_id', '=', planId)
    .where('index', '=', index)
    .executeTakeFirst();
  return row !== undefined;
}

/** The records of a shard; undefined when it is not stored. */
export async function shardRecords(db: Kysely<Database>, planId: string, index: number): Promise<unknown[] | undefined> {
  const row = await db
    .selectFrom('shards')
    .select('result')
    .where('plan_id', '=', planId)
    .where('index', '=', index)
    .executeTakeFirst();
  return row?.result;
}

/** What is stored of a plan. */
export interface Stored {
  readonly shards: number;
  readonly seeds: number;
  readonly bytes: number;
}

export const NOTHING_STORED: Stored = { shards: 0, seeds: 0, bytes: 0 };

/** What is stored, by plan; a plan of which nothing is stored is left out. */
export async function storedOf(db: Kysely<Database>, planIds: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
  if (planIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('shards')
    .select([
      'plan_id',
      sql<number>`count(*)`.as('shards'),
      sql<number>`coalesce(sum(seeds), 0)`.as('seeds'),
      sql<number>`coalesce(sum(bytes), 0)`.as('bytes'),
    ])
    .where('plan_id', 'in', [...planIds])
    .groupBy('plan_id')
    .execute();
  // Sums of bigint are numeric, which comes as text.
  return new Map(
    rows.map(({ plan_id: plan, shards, seeds, bytes }) => [
      plan,
      { shards: Number(shards), seeds: Number(seeds), bytes: Number(bytes) },
    ]),
  );
}

/** Pairs in all shards that are stored. */
export async function storedPairs(db: Kysely<Database>): Promise<number> {
  const { pairs } = await db
    .selectFrom('shards')
    .select(sql<number>`coalesce(sum(seeds), 0)`.as('pairs'))
    .executeTakeFirstOrThrow();
  return Number(pairs);
}

/** Forgets shards whose objects are lost, so that they are made again. */
export async function forgetShards(db: Kysely<Database>, planId: string, indices: readonly number[]): Promise<void> {
  if (indices.length === 0) return;
  await db
    .deleteFrom('shards')
    .where('plan_id', '=', planId)
    .where('index', 'in', [...indices])
    .execute();
}
