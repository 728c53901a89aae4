import type { EmbeddedDatabase } from './embedded-database.ts';

const WORTHWHILE = 1000;

/**
 * Clears away the dead rows of the tables that have many: the embedded PostgreSQL has no autovacuum. One table after the other, so that
 * everybody else gets a turn in between.
 */
export async function vacuumTables(database: EmbeddedDatabase): Promise<void> {
  const { rows } = await database.query(
    "select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables where n_dead_tup > $1",
    [WORTHWHILE],
  );
  for (const { name } of rows) await database.query(`VACUUM (ANALYZE) ${name}`);
}
