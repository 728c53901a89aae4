import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = resolve(import.meta.dirname, '../../../src/main.ts');
const JOB = { id: 'j-1', kind: 'synthesize', dataset: 'd-1', state: 'running', done: 1, total: 50, rate: 1, eta: 49 };

/** A server whose work never ends. */
let server: Server;
let looks = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    looks++;
    const job = request.url?.endsWith('/train') || request.url?.startsWith('/api/jobs/') ? { ...JOB, kind: 'train' } : JOB;
    const isDataset = request.url?.startsWith('/api/datasets/');
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(isDataset ? { id: 'd-1', state: 'running', job, bytesToCome: 1e6 } : job));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** Each starts a process. */
const PATIENCE = { timeout: 60_000 };

/** Runs the command until it has looked a few times, then presses Ctrl-C. */
async function interrupted(...args: string[]): Promise<{ code: number | null; said: string }> {
  const { port } = server.address() as AddressInfo;
  const env = { PATH: process.env.PATH, PORT: String(port) };
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'exit');
  const before = looks;
  while (looks < before + 3 && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
  child.kill('SIGINT');
  await ended;
  return { code: child.exitCode, said };
}

test.each([
  ['synthesize', '1', '--count', '50'],
  ['dataset', 'resume', 'd-1'],
])('Ctrl-C in %s %s leaves the order to the server, and says so', PATIENCE, async (...args) => {
  const { code, said } = await interrupted(...args);
  expect(said).toContain(
    'The order continues in the server.\n→ datasetgan dataset show d-1 shows its progress; datasetgan dataset cancel d-1 stops it.\n',
  );
  expect(said).not.toContain('AbortError');
  expect(code).toBe(130);
});

test('and in train the job', PATIENCE, async () => {
  const { code, said } = await interrupted('train', '1');
  expect(said).toContain('The train job continues in the server.\n→ datasetgan job show j-1 shows its progress;');
  expect(code).toBe(130);
});
