import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which ML backend rows of Label Studio lead to this server, and the token that proves that a caller is Label Studio. */
export const projectBackends: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('projects')
      .addColumn('backends', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'`))
      .addColumn('caller', 'text')
      .execute();
  },
};
