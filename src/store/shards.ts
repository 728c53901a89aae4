import type { Kysely } from 'kysely';
import { chunks, json } from './rows.ts';
import type { Database, NewShard, Shard } from './schema.ts';

/** Adds the plan's shards; those that are there already stay as they are. */
export async function insertShards(db: Kysely<Database>, shards: readonly NewShard[]): Promise<void> {
  for (const chunk of chunks(shards)) {
    await db
      .insertInto('shards')
      .values([...chunk])
      .onConflict((conflict) => conflict.columns(['plan_id', 'index']).doNothing())
      .execute();
  }
}

/** The plan's shards in order. */
export async function listShards(db: Kysely<Database>, planId: string): Promise<Shard[]> {
  return await db.selectFrom('shards').selectAll().where('plan_id', '=', planId).orderBy('index').execute();
}

/** Commits the shard's result. The first result wins: false when there was one already. */
export async function completeShard(db: Kysely<Database>, planId: string, index: number, result: unknown): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('shards')
    .set({ state: 'completed', result: json(result) })
    .where('plan_id', '=', planId)
    .where('index', '=', index)
    .where('state', '<>', 'completed')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
