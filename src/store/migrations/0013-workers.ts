import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which machines make shards right now. */
export const workers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('workers')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('machine', 'text', (column) => column.notNull())
      .addColumn('concurrency', 'integer', (column) => column.notNull())
      .addColumn('threads', 'integer', (column) => column.notNull())
      .addColumn('started_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('seen_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
  },
};
