import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetGanError } from '../../../src/errors.ts';
import { type Opened, openProduct } from '../../../src/jobs/open-product.ts';
import { createLogger } from '../../../src/log.ts';
import { readSettings } from '../../../src/settings.ts';
import { lockServer } from '../../../src/store/server-lock.ts';
import { has } from '../../support/needs.ts';
import { until } from '../../support/until.ts';
import { type TestState, testState } from '../store/test-store.ts';

const IN_USE = {
  code: 'database-in-use',
  message: expect.stringMatching(
    new RegExp(`^Another server already uses the database at .+: process ${process.pid} on .+, since 20`),
  ),
  fix: expect.stringContaining('datasetgan worker'),
};

let root: string;
let state: TestState;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasetgan-one-server-'));
  if (has('postgres')) state = await testState('server');
});
afterAll(async () => {
  await state?.remove();
  await rm(root, { recursive: true });
});

const open = (name: string, role: 'server' | 'worker' = 'server'): Promise<Opened> =>
  openProduct(
    readSettings({
      DATABASE_URL: state.databaseUrl,
      DATA_DIR: join(root, name),
      STORAGE_URL: `file://${join(root, 'storage')}`,
    }),
    createLogger('silent'),
    role,
    { patience: 1000 },
  );

/**
 * Ends the connection that holds the server's lock, as a network that breaks does.
 * @param taken the lock is taken at once by another one, which this gives
 */
async function breakLock(taken: boolean): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: state.databaseUrl,
    application_name: 'datasetgan server, process 7 on elsewhere/0123abcd',
  });
  await client.connect();
  const { rows } = await client.query<{ pid: number; classid: number; objid: number }>(
    `select pid, classid, objid from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and granted and application_name like 'datasetgan server%' and datname = current_database()`,
  );
  expect(rows).toHaveLength(1);
  const { pid, classid, objid } = rows[0]!;
  await client.query('select pg_terminate_backend($1)', [pid]);
  // It is handed over to whoever waits for it.
  if (taken) await client.query('select pg_advisory_lock($1, $2)', [classid, objid]);
  else await client.end();
  return client;
}

test.runIf(has('postgres'))('a second server of a PostgreSQL is refused until the first has ended; a worker is not', async () => {
  const first = await open('first');
  await expect(open('second')).rejects.toMatchObject(IN_USE);
  await (await open('worker', 'worker')).close();
  const waiting = open('second');
  await first.close();
  await (await waiting).close();
});

test.runIf(has('postgres'))('a connection that breaks is made again, and the lock with it', async () => {
  const told: DatasetGanError[] = [];
  const lock = (patience: number) =>
    lockServer({
      databaseUrl: state.databaseUrl!,
      patience,
      onWait: () => undefined,
      onLost: (error) => told.push(error),
    });
  const unlock = await lock(0);
  await breakLock(false);
  await until(
    'it is locked again',
    () =>
      lock(0).then(
        async (release) => {
          await release();
          return false;
        },
        (error: DatasetGanError) => error.code === 'database-in-use',
      ),
    { every: 100 },
  );
  expect(told).toEqual([]);
  await unlock();
  await (await lock(0))();
});

test.runIf(has('postgres'))('a server that lost the database to another one is told to end', async () => {
  const told: DatasetGanError[] = [];
  const unlock = await lockServer({
    databaseUrl: state.databaseUrl!,
    patience: 0,
    onWait: () => undefined,
    onLost: (error) => told.push(error),
  });
  const other = await breakLock(true);
  await until('it is told', async () => told.length > 0, { every: 50 });
  expect(told).toMatchObject([{ code: 'database-in-use', message: expect.stringContaining('process 7 on elsewhere, since') }]);
  await unlock();
  await other.end();
});
