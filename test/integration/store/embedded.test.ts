import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatasetGanError } from '../../../src/errors.ts';
import { DurableNodeFS, startParameters } from '../../../src/store/embedded/durable-node-fs.ts';
import { EMBEDDED_POSTGRES_MAJOR } from '../../../src/store/embedded/prepare-folder.ts';
import { vacuumTables } from '../../../src/store/embedded/vacuum.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { getSetting, setSetting } from '../../../src/store/stored-settings.ts';
import { eventually } from '../../support/eventually.ts';
import { has, mountSmallDisk } from '../../support/needs.ts';
import { type TestState, testState } from './test-store.ts';

let state: TestState;
beforeEach(async () => {
  state = await testState('embedded');
});
afterEach(() => state.remove());

const embedded = (store: Store) => {
  if (store.engine.kind !== 'embedded') throw new Error('not embedded');
  return store.engine.database;
};

test('every commit is synced to the disk', async () => {
  const files = new DurableNodeFS(join(state.dataDir, 'postgres'));
  const database = await PGlite.create({ fs: files, startParams: startParameters(PGlite.defaultStartParams) });
  await database.exec('create table t (a int)');
  const before = files.fsyncs;
  for (let row = 0; row < 20; row++) await database.query('insert into t values ($1)', [row]);
  expect(files.fsyncs - before).toBeGreaterThanOrEqual(20);
  const reads = files.fsyncs;
  for (let row = 0; row < 20; row++) await database.query('select count(*) from t');
  expect(files.fsyncs).toBe(reads);
  await database.exec('checkpoint');
  expect(files.fsyncs).toBeGreaterThan(reads + 1);
  await database.close();
});

test('the self-test at the start counts the syncs of one commit', async () => {
  const store = await state.open();
  expect(embedded(store).fsyncs).toBeGreaterThanOrEqual(1);
  await store.close();
});

test('a second server on the folder is refused, in this process and in another', async () => {
  const store = await state.open();
  await expect(state.open()).rejects.toMatchObject({
    code: 'data-folder-locked',
    message: expect.stringContaining(state.dataDir),
    fix: expect.stringContaining('DATA_DIR'),
  });
  const other = await ended(writer(state.dataDir));
  expect(other.stdout).toBe('');
  expect(other.stderr).toContain('data-folder-locked');
  expect(other.stderr).toContain(`process ${process.pid} on `);
  await setSetting(store.db, 'still', 'here');
  await store.close();
  await (await state.open()).close();
});

test('a folder of another PostgreSQL version is refused and left alone', async () => {
  const version = join(state.dataDir, 'postgres', 'PG_VERSION');
  expect((await readFile(version, 'utf8')).trim()).toBe(EMBEDDED_POSTGRES_MAJOR);
  await writeFile(version, '17\n');
  await expect(state.open()).rejects.toMatchObject({
    code: 'data-folder-version',
    message: expect.stringContaining('PostgreSQL 17'),
  });
  await writeFile(version, `${EMBEDDED_POSTGRES_MAJOR}\n`);
  await (await state.open()).close();
});

test('the built-in PostgreSQL is of the version we say', async () => {
  const store = await state.open();
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(store.db);
  expect(rows[0]?.version.split('.')[0]).toBe(EMBEDDED_POSTGRES_MAJOR);
  await store.close();
});

test('killed while it makes its first database, it makes it anew', async () => {
  const fresh = await mkdtemp(join(tmpdir(), 'datasetgan-fresh-'));
  const child = writer(fresh);
  await eventually(() => expect(existsSync(join(fresh, 'postgres.new', 'PG_VERSION'))).toBe(true));
  child.kill('SIGKILL');
  await ended(child);
  expect(existsSync(join(fresh, 'postgres'))).toBe(false);
  const store = await openStore({ dataDir: fresh });
  await setSetting(store.db, 'a', 1);
  expect(await getSetting(store.db, 'a')).toBe(1);
  await store.close();
  expect(existsSync(join(fresh, 'postgres.new'))).toBe(false);
  await rm(fresh, { recursive: true });
});

test('killed at any moment, everything that was committed is there', async () => {
  for (let round = 0; round < 4; round++) {
    const child = writer(state.dataDir);
    let output = '';
    child.stdout.on('data', (text: Buffer) => {
      output += text;
    });
    await eventually(() => expect(output).toContain('\n'));
    await new Promise((resolve) => setTimeout(resolve, 170 * round));
    child.kill('SIGKILL');
    await ended(child);
    const told = output
      .split('\n')
      .slice(0, -1)
      .filter((line) => line !== 'open');
    const store = await state.open();
    const last = ((await getSetting(store.db, 'last')) as number | undefined) ?? 0;
    expect(last).toBeGreaterThanOrEqual(Number(told.at(-1) ?? 0));
    const { rows } = await sql<{ count: number }>`select count(*) as count from settings where key like 'row-%'`.execute(
      store.db,
    );
    expect(rows[0]?.count).toBe(last);
    await store.close();
  }
});

test('a statement that does not end stops the database, and says so once', async () => {
  const fatal: DatasetGanError[] = [];
  const store = await state.open({ queryTimeout: 5_000, onFatal: (error) => fatal.push(error) });
  const stuck = sql`select pg_sleep(60)`.execute(store.db);
  const behind = getSetting(store.db, 'a');
  await expect(stuck).rejects.toMatchObject({ code: 'database-down', message: expect.stringContaining('5 s') });
  await expect(behind).rejects.toMatchObject({ code: 'database-down' });
  await expect(store.ping()).rejects.toMatchObject({ code: 'database-down' });
  await eventually(() => expect(fatal).toHaveLength(1));
  await store.close();
  const again = await state.open();
  await again.ping();
  await again.close();
});

test('a transaction that asks outside itself is told instead of waiting for ever', async () => {
  const store = await state.open({ queryTimeout: 4_000 });
  const transaction = store.db.transaction().execute(async () => await getSetting(store.db, 'a'));
  await expect(transaction).rejects.toMatchObject({ code: 'database-down', message: expect.stringContaining('One transaction') });
  await store.ping();
  await store.close();
});

test('listeners are told what others notify, until they stop', async () => {
  const store = await state.open();
  const heard: string[] = [];
  const stop = await embedded(store).listen('Channel "1"', (payload) => heard.push(payload));
  const notify = (payload: string) => sql`select pg_notify('Channel "1"', ${payload})`.execute(store.db);
  await notify('a');
  await expect(
    store.db.transaction().execute(async (trx) => {
      await sql`select pg_notify('Channel "1"', 'rolled back')`.execute(trx);
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await notify('b');
  await eventually(() => expect(heard).toEqual(['a', 'b']));
  await stop();
  await notify('c');
  await store.ping();
  expect(heard).toEqual(['a', 'b']);
  await store.close();
});

test('dead rows are cleared away', async () => {
  const store = await state.open();
  const database = embedded(store);
  const dead = async () => {
    await database.query('select pg_stat_force_next_flush()');
    const { rows } = await database.query("select n_dead_tup as dead from pg_stat_user_tables where relname = 'settings'");
    return rows[0]?.dead;
  };
  await sql`insert into settings select i::text, '1' from generate_series(1, 5000) as i`.execute(store.db);
  await sql`delete from settings`.execute(store.db);
  await eventually(async () => expect(await dead()).toBe(5000));
  await vacuumTables(database);
  expect(await dead()).toBe(0);
  await store.close();
});

test.runIf(has('smallDisk'))('on a full disk it stops with a clear error, and nothing that was committed is lost', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'datasetgan-small-'));
  mountSmallDisk(disk, '110M');
  try {
    const dataDir = join(disk, 'data');
    await mkdir(dataDir);
    execFileSync('cp', ['-r', join(state.dataDir, 'postgres'), dataDir]);
    const fatal: DatasetGanError[] = [];
    const store = await openStore({ dataDir, onFatal: (error) => fatal.push(error) });
    let written = 0;
    let error: unknown;
    try {
      for (; written < 10_000; written++)
        await setSetting(
          store.db,
          `row-${written}`,
          Array.from({ length: 3000 }, () => Math.random()),
        );
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining(dataDir),
      fix: expect.stringContaining('Free some space'),
    });
    await expect(store.ping()).rejects.toMatchObject({ code: 'disk-full' });
    await eventually(() => expect(fatal).toHaveLength(1));
    await store.close();
    await expect(openStore({ dataDir })).rejects.toMatchObject({
      code: 'disk-full',
      fix: expect.stringContaining('Free some space'),
    });

    execFileSync('mount', ['-o', 'remount,size=400M', disk]);
    const again = await openStore({ dataDir });
    const { rows } = await sql<{ count: number }>`select count(*) as count from settings where key like 'row-%'`.execute(
      again.db,
    );
    expect(rows[0]?.count).toBe(written);
    await again.close();
  } finally {
    execFileSync('umount', [disk]);
    await rm(disk, { recursive: true });
  }
});

/** A disk of 110 MB. */
function writer(dataDir: string) {
  return spawn(process.execPath, [join(import.meta.dirname, 'writer-process.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<{ stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => {
    output.stdout += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    output.stderr += text;
  });
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.on('close', resolve));
  return output;
}

test('damaged pages are called that, and the way back is a backup, not another release', async () => {
  const store = await state.open();
  const place = (table: string) => embedded(store).query('select pg_relation_filepath($1) as file', [`datasetgan.${table}`]);
  const [{ file } = {}] = (await place('kysely_migration')).rows;
  await store.close();
  const path = join(state.dataDir, 'postgres', String(file));
  await writeFile(path, Buffer.alloc((await readFile(path)).length, 0xa5));
  await expect(state.open()).rejects.toMatchObject({
    code: 'corrupt-file',
    message: expect.stringContaining(join(state.dataDir, 'postgres')),
    fix: expect.stringContaining('datasetgan restore FILE'),
  });
});
