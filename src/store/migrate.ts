import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { databaseProblem } from './database-problem.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Database } from './schema.ts';

/** The schema that holds our tables, so that a database may be shared with Label Studio. Every connection has it as its search path. */
export const SCHEMA = 'datasetgan';

/** Kysely's list of what was done, in our schema. */
export const MIGRATION_TABLE = 'kysely_migration';

/** SQLSTATEs of two processes that make the same schema at once. */
const MADE_BY_ANOTHER = new Set(['23505', '42P06', '42710']);

/**
 * Brings the tables up to date. Several processes may do so at once.
 * @param place where the database is, in words
 * @throws DatasetGanError `database-down`; `corrupt-file`, `wrong-release` and `bad-settings` where its error says so
 */
export async function migrate(db: Kysely<Database>, place: string): Promise<void> {
  try {
    await sql`create schema if not exists ${sql.id(SCHEMA)}`.execute(db).catch((error: { code?: string }) => {
      if (!MADE_BY_ANOTHER.has(error.code ?? '')) throw error;
    });
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => MIGRATIONS },
      migrationTableSchema: SCHEMA,
      migrationTableName: MIGRATION_TABLE,
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  } catch (cause) {
    throw databaseProblem(cause, place);
  }
}
