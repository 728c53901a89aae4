import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What was ordered beside the plan: formats, destination, form of the regions; and what an order's task shows of its dataset. */
export const datasetOptions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('datasets')
      .addColumn('options', 'jsonb', (c) => c.notNull().defaultTo(sql`'{}'`))
      .execute();
    await db.schema.alterTable('orders').addColumn('shown', 'jsonb').execute();
  },
};
