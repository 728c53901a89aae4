import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Pixels of each label in a prediction, by label index; NULL in those that an older release made. */
export const predictionAreas: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('predictions').addColumn('areas', 'jsonb').execute();
  },
};
