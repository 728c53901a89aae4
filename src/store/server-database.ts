import { PostgresDialect } from 'kysely';
import pg from 'pg';
import { DatasetGanError } from '../errors.ts';
import { messageOf } from '../thrown.ts';
import { SCHEMA } from './migrate.ts';

/** PostgreSQL's type number of int8, which node-postgres gives as text unless told otherwise. */
const INT8 = 20;
const OLDEST = 130_000;

export interface ServerOptions {
  readonly databaseUrl: string;
  /** Told about connections that broke while nobody used them; the pool makes new ones. */
  readonly onError: (error: Error) => void;
  readonly queryTimeout: number;
  /** Most connections at a time. */
  readonly connections: number;
}

/**
 * A pool of connections to a PostgreSQL server (13 or newer), with our schema as search path.
 * @throws DatasetGanError `bad-settings` for an address that is none, `database-down` when it does not answer
 */
export async function openServer(options: ServerOptions): Promise<{ pool: pg.Pool; dialect: PostgresDialect }> {
  const { databaseUrl, onError } = options;
  const place = placeOf(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'datasetgan',
    max: options.connections,
    connectionTimeoutMillis: 10_000,
    query_timeout: options.queryTimeout,
    keepAlive: true,
    types: { getTypeParser: typeParser },
    // Awaited before the connection is lent for the first time.
    onConnect: (client) => client.query(`SET search_path TO ${SCHEMA}`),
  });
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  try {
    const { rows } = await pool.query<{ version: string }>("select current_setting('server_version_num') as version");
    if (Number(rows[0]?.version) < OLDEST) throw new Error('it is older than PostgreSQL 13');
  } catch (cause) {
    await pool.end();
    throw databaseUnusable(place, cause);
  }
  return { pool, dialect: new PostgresDialect({ pool }) };
}

export function databaseUnusable(place: string, cause: unknown): DatasetGanError {
  return new DatasetGanError('database-down', `The PostgreSQL at ${place} cannot be used: ${messageOf(cause)}`, {
    fix: 'Check DATABASE_URL and that the server runs. Without DATABASE_URL the embedded database is used.',
    cause,
  });
}

/** Where the server is, without its password. @throws DatasetGanError `bad-settings` */
export function placeOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new DatasetGanError('bad-settings', 'DATABASE_URL is not the address of a PostgreSQL.', {
      fix: 'Write it as postgres://user:password@host:5432/database.',
    });
  }
  return `${url.host || 'localhost'}${url.pathname}`;
}

const typeParser: pg.CustomTypesConfig['getTypeParser'] = (type, format) =>
  type === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(type, format);
