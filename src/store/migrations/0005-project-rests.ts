import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A project whose Label Studio fails is left alone for a while, longer each time. */
export const projectRests: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('projects')
      .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('rest_until', 'timestamptz')
      .execute();
  },
};
