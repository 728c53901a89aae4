import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { EmbeddedDatabase, EmbeddedSession } from './embedded-database.ts';

/** The same PostgreSQL for kysely: a connection is the embedded database's session for as long as it is held. */
export function embeddedDialect(database: EmbeddedDatabase): Dialect {
  return {
    createAdapter: () => new EmbeddedAdapter(),
    createDriver: () => new EmbeddedDriver(database),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class EmbeddedAdapter extends PostgresAdapter {
  /** The folder lock already keeps every other process out. */
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

class EmbeddedConnection implements DatabaseConnection {
  readonly session: EmbeddedSession;
  /** A statement of the open transaction failed, so that PostgreSQL would turn its COMMIT into a ROLLBACK without saying so. */
  aborted = false;

  constructor(session: EmbeddedSession) {
    this.session = session;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const { rows, affected } = await this.session.query(sql, parameters);
      return { rows: rows as R[], numAffectedRows: BigInt(affected) };
    } catch (error) {
      this.aborted = true;
      throw error;
    }
  }

  // biome-ignore lint/correctness/useYield: kysely asks for a generator; there is nothing to stream from one session.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The embedded database cannot stream: read in pages.');
  }
}

class EmbeddedDriver implements Driver {
  readonly #database: EmbeddedDatabase;

  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async init(): Promise<void> {}
  async destroy(): Promise<void> {}

  async acquireConnection(): Promise<EmbeddedConnection> {
    return new EmbeddedConnection(await this.#database.session());
  }

  async releaseConnection(connection: EmbeddedConnection): Promise<void> {
    connection.session.release();
  }

  async beginTransaction({ session }: EmbeddedConnection, { isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const modes = [isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`, accessMode ? ` ${accessMode}` : ''];
    await session.query(`begin${modes.join('')}`);
  }

  async commitTransaction(connection: EmbeddedConnection): Promise<void> {
    if (connection.aborted) {
      await connection.session.query('rollback');
      throw new AbortedTransactionError();
    }
    await connection.session.query('commit');
  }

  async rollbackTransaction({ session }: EmbeddedConnection): Promise<void> {
    await session.query('rollback');
  }

  async savepoint({ session }: EmbeddedConnection, name: string): Promise<void> {
    await session.query(`savepoint "${name}"`);
  }

  async rollbackToSavepoint(connection: EmbeddedConnection, name: string): Promise<void> {
    await connection.session.query(`rollback to "${name}"`);
    connection.aborted = false;
  }

  async releaseSavepoint({ session }: EmbeddedConnection, name: string): Promise<void> {
    await session.query(`release "${name}"`);
  }
}
