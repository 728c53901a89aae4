import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which ML backend rows of Label Studio lead to this server, and the token by which Label Studio is told from others. */
export const projectBackends: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('projects')
      .addColumn('backends', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'`))
      .addColumn('caller', 'text')
      .execute();
  },
};
