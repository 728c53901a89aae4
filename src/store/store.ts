import { Kysely, sql } from 'kysely';
import { Closers } from '../closers.ts';
import { DatasetGanError, inOneLine } from '../errors.ts';
import { diskFree } from './disk-free.ts';
import { EmbeddedDatabase } from './embedded/embedded-database.ts';
import { embeddedDialect } from './embedded/embedded-dialect.ts';
import { postgresFolder, prepareFolder } from './embedded/prepare-folder.ts';
import { vacuumTables } from './embedded/vacuum.ts';
import { lockFolder, makeFolder } from './folder-lock.ts';
import { migrate, SCHEMA } from './migrate.ts';
import type { Database } from './schema.ts';
import { openServer, placeOf } from './server-database.ts';

export interface StoreOptions {
  /** Folder for the embedded database and whatever is kept on this machine. Made when it is missing. */
  readonly dataDir: string;
  /** `postgres://…`: use that server instead of the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** Most connections to the server at a time. */
  readonly connections?: number;
  /** Bring the tables up to date (default). A worker leaves that to its server. */
  readonly migrate?: boolean;
  /**
   * The embedded database stopped by itself (disk full, stuck, crashed). Every later call fails; the process should end.
   * Default: the message goes to stderr and the process exits with status 1.
   */
  readonly onFatal?: ((error: DatasetGanError) => void) | undefined;
  /** A connection to the server broke while idle. It is replaced; this is for the log. */
  readonly onError?: (error: Error) => void;
  /** Longest statement, in milliseconds. */
  readonly queryTimeout?: number;
}

/** What the job queue needs to work on the same database. */
export type StoreEngine =
  | { readonly kind: 'embedded'; readonly database: EmbeddedDatabase }
  | { readonly kind: 'server'; readonly databaseUrl: string };

/** All state of the product but large files (see Storage): a PostgreSQL, embedded or a server, same tables, same code. */
export interface Store {
  readonly dataDir: string;
  /**
   * Transactions must be short and wait for nothing but the database, and inside one only its own handle may be used: the embedded
   * database has one session, and everybody else waits for it.
   */
  readonly db: Kysely<Database>;
  readonly engine: StoreEngine;
  /** @throws DatasetGanError `database-down` when the database does not answer */
  ping(): Promise<void>;
  /** Call it last, after the queue has stopped. */
  close(): Promise<void>;
}

const QUERY_TIMEOUT_MS = 60_000;
const CONNECTIONS = 10;
const VACUUM_INTERVAL_MS = 600_000;
/** The embedded database gives up without a reason when it is opened on a disk with fewer free bytes: it needs a log segment or two. */
const MIN_TO_OPEN = 40e6;

/**
 * Opens the state in `dataDir`, makes it when it is new and brings its tables up to date.
 * @throws DatasetGanError `data-folder-locked`, `data-folder-version`, `database-down`, `disk-full`, `bad-settings`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { engine, db, close } = await (options.databaseUrl === undefined
    ? openEmbedded(options)
    : openPool(options, options.databaseUrl));
  try {
    if (options.migrate !== false) await migrate(db, placeInWords(options));
    return {
      dataDir: options.dataDir,
      db,
      engine,
      ping: () => ping(db),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function placeInWords({ dataDir, databaseUrl }: StoreOptions): string {
  return databaseUrl === undefined ? `in ${postgresFolder(dataDir)}` : `at ${placeOf(databaseUrl)}`;
}

interface Opened {
  engine: StoreEngine;
  db: Kysely<Database>;
  close: () => Promise<void>;
}

async function openEmbedded(options: StoreOptions): Promise<Opened> {
  const opened = new Closers();
  opened.add(lockFolder(options.dataDir));
  try {
    const open = (folder: string) =>
      EmbeddedDatabase.open({
        folder,
        queryTimeout: options.queryTimeout ?? QUERY_TIMEOUT_MS,
        onFatal: options.onFatal ?? exitOnFatal,
      });
    const folder = postgresFolder(options.dataDir);
    await prepareFolder(folder, async (unfinished) => (await open(unfinished)).close());
    const database = await open(folder);
    opened.add(() => database.close());
    await database.query(`SET search_path TO ${SCHEMA}`);
    const db = new Kysely<Database>({ dialect: embeddedDialect(database) });
    opened.add(() => db.destroy());
    const vacuum = setInterval(() => void vacuumTables(database).catch(() => undefined), VACUUM_INTERVAL_MS).unref();
    opened.add(() => clearInterval(vacuum));
    return { engine: { kind: 'embedded', database }, db, close: () => opened.close() };
  } catch (error) {
    const full = (await diskFree(options.dataDir).catch(() => MIN_TO_OPEN)) < MIN_TO_OPEN;
    return await opened.closeAfter(full ? noRoom(options.dataDir, error) : error);
  }
}

async function openPool(options: StoreOptions, databaseUrl: string): Promise<Opened> {
  makeFolder(options.dataDir);
  const { dialect } = await openServer({
    databaseUrl,
    onError: options.onError ?? (() => undefined),
    queryTimeout: options.queryTimeout ?? QUERY_TIMEOUT_MS,
    connections: options.connections ?? CONNECTIONS,
  });
  const db = new Kysely<Database>({ dialect });
  return { engine: { kind: 'server', databaseUrl }, db, close: () => db.destroy() };
}

async function ping(db: Kysely<Database>): Promise<void> {
  try {
    await sql`select 1`.execute(db);
  } catch (cause) {
    if (cause instanceof DatasetGanError) throw cause;
    throw new DatasetGanError('database-down', 'The database does not answer.', {
      fix: 'Check that the PostgreSQL of DATABASE_URL runs.',
      cause,
    });
  }
}

function noRoom(dataDir: string, cause: unknown): DatasetGanError {
  return new DatasetGanError('disk-full', `The disk that holds ${dataDir} is full, so the database cannot be opened.`, {
    fix: 'Free some space (at least 256 MB) and start again. No saved data is lost.',
    cause,
  });
}

/** Default reaction if the caller gives none. */
export function exitOnFatal(error: DatasetGanError): void {
  process.stderr.write(`${inOneLine(error)}\n`);
  process.exit(1);
}
