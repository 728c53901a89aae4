import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DatasetGanError } from '../errors.ts';
import { databaseUnusable, placeOf } from './server-database.ts';

/** Two numbers that nobody else uses for an advisory lock in our database: "DSGN", and which of our locks it is. */
const LOCK = [0x4453474e, 1] as const;
/** The name of this connection for others. Its end is unique. PostgreSQL cuts names at 63 bytes. */
const NAME = `${`datasetgan server, process ${process.pid} on ${hostname()}`.slice(0, 54)}/${randomBytes(4).toString('hex')}`;
const RETRY_INTERVAL_MS = 500;
const CHECK_INTERVAL_MS = 5000;
const QUERY_TIMEOUT_MS = 10_000;

export interface ServerLockOptions {
  readonly databaseUrl: string;
  /** Milliseconds that another server has to end, such as the one that this one replaces. */
  readonly patience: number;
  /** Told once when there is another one to wait for. */
  readonly onWait: (error: DatasetGanError) => void;
  /** The connection broke, and another server has the database since: this one must end. */
  readonly onLost: (error: DatasetGanError) => void;
}

/** Somebody has the lock. */
interface Refusal {
  readonly error: DatasetGanError;
  /** It is an earlier connection of this process, whose end PostgreSQL has not noticed yet. */
  readonly own: boolean;
}

/**
 * Takes a PostgreSQL database for this process as its only server (workers join it without). The lock is the connection's: it goes when the process
 * does, however that ends; a machine that vanishes loses it after 15 s. A connection that breaks is made again, and the lock with it.
 * @returns the function that gives the database back
 * @throws DatasetGanError `database-in-use` when another server still has it after `patience`; `bad-settings`, `database-down`
 */
export async function lockServer(options: ServerLockOptions): Promise<() => Promise<void>> {
  const { databaseUrl, patience, onWait, onLost } = options;
  const end = Date.now() + patience;
  let held: pg.Client | undefined;
  for (let told = false; held === undefined; ) {
    const taken = await tryLock(databaseUrl);
    if ('error' in taken) {
      if (Date.now() >= end) throw taken.error;
      if (!told) onWait(taken.error);
      told = true;
      await sleep(RETRY_INTERVAL_MS);
    } else held = taken;
  }
  const stop = new AbortController();
  const keeping = keep(databaseUrl, held, stop.signal, onLost);
  return async () => {
    stop.abort();
    await keeping;
  };
}

/** Looks again and again whether the connection lives, and makes a new one where it does not. */
async function keep(
  databaseUrl: string,
  first: pg.Client,
  stop: AbortSignal,
  onLost: ServerLockOptions['onLost'],
): Promise<void> {
  let client: pg.Client | undefined = first;
  let waking = AbortSignal.any([stop, broken(first)]);
  while (!stop.aborted) {
    try {
      if (client === undefined) {
        const taken = await tryLock(databaseUrl);
        if ('error' in taken) {
          if (!taken.own) return onLost(taken.error);
          throw taken.error;
        }
        client = taken;
        waking = AbortSignal.any([stop, broken(taken)]);
      }
      await sleep(CHECK_INTERVAL_MS, undefined, { signal: waking }).catch(() => undefined);
      if (!stop.aborted) await client.query('select 1');
    } catch {
      // The database does not answer. Whoever needs it says so; here it is asked until it does. Nor may it answer to this.
      void client?.end().catch(() => undefined);
      client = undefined;
      await sleep(RETRY_INTERVAL_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  await client?.end().catch(() => undefined);
}

function broken(client: pg.Client): AbortSignal {
  const controller = new AbortController();
  client.once('end', () => controller.abort());
  return controller.signal;
}

/** A connection that holds the lock, or who else does. @throws DatasetGanError `bad-settings`, `database-down` */
async function tryLock(databaseUrl: string): Promise<pg.Client | Refusal> {
  const place = placeOf(databaseUrl);
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: NAME,
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // `end` follows.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 2');
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [...LOCK]);
    if (rows[0]?.locked === true) return client;
    const owner = await ownerOf(client);
    await client.end();
    const error = new DatasetGanError(
      'database-in-use',
      `Another server already uses the database at ${place}: ${inWords(owner)}.`,
      {
        fix: 'Stop that server, or use another DATABASE_URL here. For more pairs per hour, start workers: datasetgan worker.',
      },
    );
    return { error, own: owner?.name === NAME };
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw databaseUnusable(place, cause);
  }
}

interface Owner {
  readonly name: string;
  readonly since: Date;
}

async function ownerOf(client: pg.Client): Promise<Owner | undefined> {
  const { rows } = await client.query<Owner>(
    `select application_name as name, backend_start as since from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and classid = ${LOCK[0]} and objid = ${LOCK[1]} and datname = current_database() and granted`,
  );
  return rows[0];
}

function inWords(owner: Owner | undefined): string {
  if (owner === undefined) return 'another process';
  return `${owner.name.replace(/^datasetgan server, (.*)\/[0-9a-f]{8}$/, '$1')}, since ${owner.since.toISOString()}`;
}
