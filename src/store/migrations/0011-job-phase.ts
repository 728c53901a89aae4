import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a running job is at, in a word or two; `done` and `total` are of that. */
export const jobPhase: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('jobs').addColumn('phase', 'text').execute();
  },
};
