import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** All tables of the first release. */
export const tables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const now = sql`now()`;

    await db.schema
      .createTable('projects')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('host', 'text', (c) => c.notNull())
      .addColumn('ls_id', 'integer', (c) => c.notNull())
      .addColumn('created_at_unix', 'bigint', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('labelling', 'orders', 'dataset')`))
      .addColumn('state', 'text', (c) =>
        c.notNull().defaultTo('connecting').check(sql`state in ('connecting', 'connected', 'disconnected', 'gone')`),
      )
      .addColumn('label_config', 'text', (c) => c.notNull())
      .addColumn('labels_key', 'text')
      .addColumn('generator', 'text')
      .addColumn('psi', 'double precision')
      .addColumn('cutoff', 'integer')
      .addColumn('class_rule', 'jsonb')
      .addColumn('callback_url', 'text')
      .addColumn('backend_title', 'text')
      .addColumn('sampling', 'text')
      .addColumn('seed_tasks', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('seeded', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('current_version', 'text')
      .addColumn('shown_version', 'text')
      .addColumn('refreshed_version', 'text')
      .addColumn('problem', 'jsonb')
      .addColumn('fingerprint', 'jsonb')
      .addColumn('annotations', 'jsonb')
      .addColumn('webhooks', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'`))
      .addColumn('misses', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('extra', 'jsonb', (c) => c.notNull().defaultTo(sql`'{}'`))
      .addColumn('source_project', 'text')
      .addColumn('dataset_id', 'text')
      .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .addUniqueConstraint('projects_uid', ['host', 'ls_id', 'created_at_unix'])
      .execute();

    await db.schema
      .createTable('tasks')
      .addColumn('project_key', 'text', (c) => c.notNull().references('projects.key').onDelete('cascade'))
      .addColumn('task_id', 'bigint', (c) => c.notNull())
      .addColumn('generator_id', 'text', (c) => c.notNull())
      .addColumn('seed', 'bigint', (c) => c.notNull())
      .addColumn('class', 'integer')
      .addColumn('psi', 'double precision', (c) => c.notNull())
      .addColumn('cutoff', 'integer')
      .addPrimaryKeyConstraint('tasks_key', ['project_key', 'task_id'])
      .execute();
    await db.schema.createIndex('tasks_seed').on('tasks').columns(['generator_id', 'seed']).execute();

    await db.schema
      .createTable('versions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('generator_id', 'text', (c) => c.notNull())
      .addColumn('labels', 'jsonb', (c) => c.notNull())
      .addColumn('record', 'jsonb', (c) => c.notNull())
      .addColumn('validation', 'text', (c) => c.notNull().check(sql`validation in ('pending', 'done', 'none')`))
      .addColumn('validation_result', 'jsonb')
      .addColumn('weights_sha256', 'text', (c) => c.notNull())
      .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .execute();

    await db.schema
      .createTable('project_versions')
      .addColumn('project_key', 'text', (c) => c.notNull().references('projects.key').onDelete('cascade'))
      .addColumn('version_id', 'text', (c) => c.notNull().references('versions.id'))
      .addColumn('activated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .addColumn('superseded_at', 'timestamptz')
      .addColumn('annotated', 'integer', (c) => c.notNull())
      .addColumn('predictions_deleted', 'boolean', (c) => c.notNull().defaultTo(false))
      .addPrimaryKeyConstraint('project_versions_key', ['project_key', 'version_id'])
      .execute();

    await db.schema
      .createTable('predictions')
      .addColumn('project_key', 'text', (c) => c.notNull().references('projects.key').onDelete('cascade'))
      .addColumn('task_id', 'bigint', (c) => c.notNull())
      .addColumn('version_id', 'text', (c) => c.notNull())
      .addColumn('mask_sha256', 'text', (c) => c.notNull())
      .addColumn('score', 'double precision', (c) => c.notNull())
      .addColumn('js', 'double precision', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull().check(sql`source in ('predict', 'refresh', 'seed', 'publish')`))
      .addColumn('pushed', 'boolean', (c) => c.notNull().defaultTo(false))
      .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .addPrimaryKeyConstraint('predictions_key', ['project_key', 'task_id', 'version_id'])
      .execute();
    await db.schema.createIndex('predictions_version').on('predictions').columns(['project_key', 'version_id']).execute();

    const jobState = (column: string) => sql`${sql.ref(column)} in ('queued', 'running', 'completed', 'failed', 'cancelled')`;
    await db.schema
      .createTable('jobs')
      .addColumn('id', 'uuid', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('project_key', 'text')
      .addColumn('dataset_id', 'text')
      .addColumn('singleton_key', 'text')
      .addColumn('state', 'text', (c) => c.notNull().defaultTo('queued').check(jobState('state')))
      .addColumn('done', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('total', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('rate', 'double precision')
      .addColumn('eta', 'double precision')
      .addColumn('input', 'jsonb', (c) => c.notNull())
      .addColumn('error', 'jsonb')
      .addColumn('result', 'jsonb')
      .addColumn('attempt', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('interruptions', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .addColumn('started_at', 'timestamptz')
      .addColumn('finished_at', 'timestamptz')
      .addColumn('updated_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .execute();
    await db.schema.createIndex('jobs_project').on('jobs').columns(['project_key', 'created_at']).execute();
    await db.schema.createIndex('jobs_state').on('jobs').columns(['state', 'kind']).execute();

    await db.schema
      .createTable('datasets')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('plan_id', 'text', (c) => c.notNull())
      .addColumn('plan', 'jsonb', (c) => c.notNull())
      .addColumn('project_key', 'text', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull().defaultTo('queued').check(jobState('state')))
      .addColumn('delivered', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('candidates', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('dropped', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('ls_project_id', 'integer')
      .addColumn('ls_project_key', 'text')
      .addColumn('folder', 'text', (c) => c.notNull())
      .addColumn('reasons', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'`))
      .addColumn('origin', 'jsonb', (c) => c.notNull())
      .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .addColumn('finished_at', 'timestamptz')
      .execute();
    await db.schema.createIndex('datasets_project').on('datasets').column('project_key').execute();

    await db.schema
      .createTable('shards')
      .addColumn('plan_id', 'text', (c) => c.notNull())
      .addColumn('index', 'integer', (c) => c.notNull())
      .addColumn('first_seed', 'bigint', (c) => c.notNull())
      .addColumn('seeds', 'integer', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull().defaultTo('queued').check(jobState('state')))
      .addColumn('result', 'jsonb')
      .addPrimaryKeyConstraint('shards_key', ['plan_id', 'index'])
      .execute();

    await db.schema
      .createTable('orders')
      .addColumn('orders_project_key', 'text', (c) => c.notNull().references('projects.key').onDelete('cascade'))
      .addColumn('task_id', 'bigint', (c) => c.notNull())
      .addColumn('annotation_id', 'bigint')
      .addColumn('dataset_id', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('created_at', 'timestamptz', (c) => c.notNull().defaultTo(now))
      .addPrimaryKeyConstraint('orders_key', ['orders_project_key', 'task_id'])
      .execute();

    await db.schema
      .createTable('settings')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('value', 'jsonb', (c) => c.notNull())
      .execute();
  },
};
