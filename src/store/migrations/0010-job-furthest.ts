import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How far a job ever came, in whichever of its runs: `done` begins again with each. */
export const jobFurthest: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('jobs')
      .addColumn('furthest', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
