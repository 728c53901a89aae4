import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openStore, type Store, type StoreOptions } from '../../../src/store/store.ts';
import { makeDataFolder } from '../../support/data-folder.ts';
import { has } from '../../support/needs.ts';

export type EngineKind = Store['engine']['kind'];

/** Where databases of the tests are made. */
const SERVER = process.env.TEST_DATABASE_URL ?? '';

/** The engines that this run can test: always the embedded one, and a server when TEST_DATABASE_URL names one. */
export const ENGINES: readonly EngineKind[] = has('postgres') ? ['embedded', 'server'] : ['embedded'];

/** A data folder (and on a server, a database) of its own, which can be opened again and again until it is removed. */
export interface TestState {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  open(options?: Partial<StoreOptions>): Promise<Store>;
  remove(): Promise<void>;
}

export async function testState(kind: EngineKind): Promise<TestState> {
  const dataDir = kind === 'embedded' ? await makeDataFolder('test') : await mkdtemp(join(tmpdir(), 'datasetgan-test-'));
  const databaseUrl = kind === 'server' ? await createDatabase() : undefined;
  return {
    dataDir,
    databaseUrl,
    open: (options) =>
      openStore({ dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }), onFatal: unexpected, ...options }),
    remove: async () => {
      await rm(dataDir, { recursive: true, force: true });
      if (databaseUrl !== undefined) await dropDatabase(databaseUrl);
    },
  };
}

function unexpected(error: Error): void {
  throw error;
}

async function createDatabase(): Promise<string> {
  const name = `datasetgan_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return url.href;
}

async function dropDatabase(databaseUrl: string): Promise<void> {
  await onServer(`drop database if exists ${new URL(databaseUrl).pathname.slice(1)} with (force)`);
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
