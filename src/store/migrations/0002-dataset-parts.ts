import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * A dataset has parts (an extension adds one), each with a plan of its own; a shard has a row once its pairs are stored. Pairs that were made
 * before were files of another form: their shards are forgotten, and made again when the dataset is resumed.
 */
export const datasetParts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('dataset_parts')
      .addColumn('dataset_id', 'text', (c) => c.notNull().references('datasets.id').onDelete('cascade'))
      .addColumn('index', 'integer', (c) => c.notNull())
      .addColumn('plan_id', 'text', (c) => c.notNull())
      .addColumn('plan', 'jsonb', (c) => c.notNull())
      .addColumn('choice', 'jsonb')
      .addPrimaryKeyConstraint('dataset_parts_key', ['dataset_id', 'index'])
      .execute();
    await db.schema.createIndex('dataset_parts_plan').on('dataset_parts').column('plan_id').execute();
    await sql`insert into dataset_parts (dataset_id, index, plan_id, plan) select id, 0, plan_id, plan from datasets`.execute(db);

    await db.schema.dropTable('shards').execute();
    await db.schema
      .createTable('shards')
      .addColumn('plan_id', 'text', (c) => c.notNull())
      .addColumn('index', 'integer', (c) => c.notNull())
      .addColumn('seeds', 'integer', (c) => c.notNull())
      .addColumn('bytes', 'bigint', (c) => c.notNull())
      .addColumn('result', 'jsonb', (c) => c.notNull())
      .addPrimaryKeyConstraint('shards_key', ['plan_id', 'index'])
      .execute();

    await db.schema.alterTable('datasets').dropConstraint('datasets_state_check').ifExists().execute();
    await db.schema
      .alterTable('datasets')
      .addCheckConstraint(
        'datasets_state_check',
        sql`state in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')`,
      )
      .execute();
    await db.schema.createIndex('jobs_dataset').on('jobs').columns(['dataset_id', 'kind', 'state']).execute();
  },
};
