import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A refusal stands until its form is changed; how many pairs of a dataset earlier ones delivered too. */
export const orderAnswers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('orders').addColumn('refusal', 'jsonb').execute();
    await db.schema
      .alterTable('datasets')
      .addColumn('known', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
