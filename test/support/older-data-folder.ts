import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Migrator } from 'kysely/migration';
import { extract } from 'tar-stream';
import { makeFolders } from '../../src/make-folders.ts';
import { MIGRATION_TABLE, SCHEMA } from '../../src/store/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { openStore } from '../../src/store/store.ts';

/** What an older release had in its database. */
export interface OlderState {
  readonly migrations: readonly string[];
  /** `table.column type`, sorted. */
  readonly columns: readonly string[];
  /** Of each table, in the order in which they may be filled. */
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/**
 * Makes the data folder of an older release from a fixture that its program made: the files as they were, and a database with the tables of its migrations
 * and its rows.
 * @param release `0.1.0`: test/fixtures/data-folder-0.1.0
 * @param dataDir a folder with an empty database or nothing in it
 */
export async function olderDataFolder(release: string, dataDir: string): Promise<OlderState> {
  await unpack(join(import.meta.dirname, `../fixtures/data-folder-${release}/state.tar.gz`), dataDir);
  const text = (await readFile(join(dataDir, 'state.json'), 'utf8')).replaceAll('DATA_DIR', dataDir);
  const state = JSON.parse(text) as OlderState;
  const store = await openStore({ dataDir, migrate: false });
  if (store.engine.kind !== 'embedded') throw new Error('an older folder has an embedded database');
  const { database } = store.engine;
  await database.query(`create schema ${SCHEMA}`);
  const then = Object.fromEntries(state.migrations.map((name) => [name, MIGRATIONS[name]!]));
  const migrator = new Migrator({
    db: store.db,
    provider: { getMigrations: async () => then },
    migrationTableSchema: SCHEMA,
    migrationTableName: MIGRATION_TABLE,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  const { rows } = await database.query(
    `select table_name || '.' || column_name || ' ' || data_type as name from information_schema.columns where table_schema = $1 order by 1`,
    [SCHEMA],
  );
  const columns = rows.map(({ name }) => String(name)).filter((name) => !name.startsWith('kysely_'));
  // A released migration that was changed since makes other tables than that release had.
  if (columns.join() !== state.columns.join()) throw new Error(`the tables of ${release} are not made any more`);
  for (const [table, found] of Object.entries(state.rows))
    await database.query(`insert into ${SCHEMA}.${table} select * from json_populate_recordset(null::${SCHEMA}.${table}, $1)`, [
      JSON.stringify(found),
    ]);
  await store.close();
  return state;
}

async function unpack(archive: string, folder: string): Promise<void> {
  const tar = extract();
  const feeding = pipeline(Readable.from([await readFile(archive)]), createGunzip(), tar);
  for await (const entry of tar) {
    const file = join(folder, entry.header.name);
    await makeFolders(dirname(file));
    await writeFile(file, entry as AsyncIterable<Uint8Array>);
  }
  await feeding;
}
