import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which photograph a task shows, where Label Studio alone knows its picture. */
export const photographs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('photographs')
      .addColumn('project_key', 'text', (c) => c.notNull().references('projects.key').onDelete('cascade'))
      .addColumn('task_id', 'bigint', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('sha256', 'text')
      .addColumn('width', 'integer')
      .addColumn('height', 'integer')
      .addColumn('problem', 'jsonb')
      .addColumn('seen_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('photographs_key', ['project_key', 'task_id'])
      .execute();
  },
};
