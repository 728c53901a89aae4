import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/store.ts';
import { getSetting, setSetting } from '../../../src/store/stored-settings.ts';
import { eventually } from '../../support/eventually.ts';
import { has } from '../../support/needs.ts';
import { testState } from './test-store.ts';

const dataDir = import.meta.dirname;

test.each(['label-studio.test', 'http://db.test/x', 'mysql://db/x'])(
  '"%s" is not the address of a PostgreSQL',
  async (databaseUrl) => {
    await expect(openStore({ dataDir, databaseUrl })).rejects.toMatchObject({
      code: 'bad-settings',
      fix: expect.stringContaining('postgres://'),
    });
  },
);

test('a server that does not answer is named, without its password', async () => {
  const opened = openStore({ dataDir, databaseUrl: 'postgres://me:secret@127.0.0.1:1/x' });
  await expect(opened).rejects.toMatchObject({
    code: 'database-down',
    message: expect.stringMatching(/^(?!.*secret).*127\.0\.0\.1:1\/x/),
    fix: expect.stringContaining('DATABASE_URL'),
  });
});

test.runIf(has('postgres'))('several processes may make the tables at once', async () => {
  const state = await testState('server');
  const stores = await Promise.all([state.open(), state.open(), state.open()]);
  await setSetting(stores[0]!.db, 'a', 1);
  expect(await getSetting(stores[2]!.db, 'a')).toBe(1);
  for (const store of stores) await store.close();
  await state.remove();
});

test.runIf(has('postgres'))('our tables are in a schema of our own', async () => {
  const state = await testState('server');
  const store = await state.open();
  const { rows } = await sql<{ schemaname: string }>`
    select distinct schemaname from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`.execute(store.db);
  expect(rows).toEqual([{ schemaname: 'datasetgan' }]);
  await store.close();
  await state.remove();
});

test.runIf(has('postgres'))('connections that the server ends are replaced', async () => {
  const state = await testState('server');
  const errors: Error[] = [];
  const store = await state.open({ onError: (error) => errors.push(error) });
  await setSetting(store.db, 'a', 1);
  const client = new pg.Client({ connectionString: state.databaseUrl });
  await client.connect();
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'datasetgan'");
  await client.end();
  await eventually(() => expect(errors.length).toBeGreaterThanOrEqual(1));
  expect(await getSetting(store.db, 'a')).toBe(1);
  await store.ping();
  await store.close();
  await state.remove();
});
