import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { DatasetGanError } from '../errors.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Database } from './schema.ts';

/** The schema that holds our tables, so that a database may be shared with Label Studio. Every connection has it as its search path. */
export const SCHEMA = 'datasetgan';

/** SQLSTATEs of two processes that make the same schema at once. */
const MADE_BY_ANOTHER = new Set(['23505', '42P06', '42710']);

/**
 * Brings the tables up to date. Several processes may do so at once.
 * @throws DatasetGanError `database-down`, for instance when the tables are of a newer release
 */
export async function migrate(db: Kysely<Database>): Promise<void> {
  await sql`create schema if not exists ${sql.id(SCHEMA)}`.execute(db).catch((error: { code?: string }) => {
    if (!MADE_BY_ANOTHER.has(error.code ?? '')) throw error;
  });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS }, migrationTableSchema: SCHEMA });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const reason = error instanceof Error ? error.message : String(error);
  throw new DatasetGanError('database-down', `The database tables cannot be brought up to date: ${reason}`, {
    fix: 'Use the newest release on this database, and a user that may create tables in it.',
    cause: error,
  });
}
