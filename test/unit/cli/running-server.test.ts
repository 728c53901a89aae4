import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoFolder, demoServerFolder } from '../../../src/cli/demo/demo-folders.ts';
import { findServer, recordRunning } from '../../../src/cli/running-server.ts';
import { API_TOKEN_FILE } from '../../../src/server/api-token.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'datasetgan-running-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const find = (env: Record<string, string> = {}, host = '127.0.0.1') =>
  findServer({ host, port: Number(env.PORT ?? 9090), apiToken: null, dataDir }, env);

test('a command finds the server that runs with its DATA_DIR, with the token that it made, and no longer when it has ended', () => {
  const forget = recordRunning(dataDir, 'http://127.0.0.1:40123');
  writeFileSync(join(dataDir, API_TOKEN_FILE), 'a-token-that-was-made\n');
  expect(find()).toEqual({ url: 'http://127.0.0.1:40123', token: 'a-token-that-was-made', by: 'DATA_DIR' });
  expect(find({ PORT: '0' }).by).toBe('DATA_DIR');
  if (process.platform !== 'win32') expect(statSync(join(dataDir, 'running.json')).mode & 0o77).toBe(0);
  forget();
  expect(find()).toMatchObject({ url: 'http://127.0.0.1:9090', by: 'default' });
});

test('what PORT says goes before it, since that may be another server', () => {
  recordRunning(dataDir, 'http://127.0.0.1:40123');
  expect(find({ PORT: '9191' })).toMatchObject({ url: 'http://127.0.0.1:9191', by: 'PORT' });
  expect(find({ PORT: '9191' }, '0.0.0.0').url).toBe('http://127.0.0.1:9191');
});

test('the demo is found where no other server runs', () => {
  const demo = demoServerFolder(demoFolder(dataDir));
  mkdirSync(demo, { recursive: true });
  recordRunning(demo, 'http://127.0.0.1:40200');
  expect(find()).toMatchObject({ url: 'http://127.0.0.1:40200', by: 'demo' });
  recordRunning(dataDir, 'http://127.0.0.1:40123');
  expect(find().by).toBe('DATA_DIR');
});

test('one that was killed has left its record, which is not believed; nor is a damaged one', () => {
  // Greater than any process id that there is.
  writeFileSync(join(dataDir, 'running.json'), JSON.stringify({ pid: 2 ** 30, url: 'http://127.0.0.1:40123' }));
  expect(find().by).toBe('default');
  writeFileSync(join(dataDir, 'running.json'), '{');
  expect(find().by).toBe('default');
});
