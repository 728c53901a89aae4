import { Agent, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Listening, listen } from '../../../src/server/listen.ts';
import { harness } from './harness.ts';
import { RecordingBackend } from './recording-backend.ts';

const ANY = { host: '127.0.0.1', port: 0 };
const open: Listening[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close(0))));

async function start(backend = new RecordingBackend()): Promise<Listening> {
  const server = await listen(harness({ backend }).app, ANY);
  open.push(server);
  return server;
}

function fetchWith(agent: Agent, url: string): Promise<{ status: number; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response: IncomingMessage) => {
      response.resume().on('end', () => resolve({ status: response.statusCode!, connection: response.headers.connection }));
    }).on('error', reject);
  });
}

test('answers on the port it took', async () => {
  const { url, port } = await start();
  expect(url).toBe(`http://127.0.0.1:${port}`);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});

test('a taken port is said with the fix', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(listen(harness().app, { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'port-taken',
    message: `Another program uses port ${port} on 127.0.0.1.`,
    fix: expect.stringContaining('PORT'),
  });
  await new Promise((resolve) => other.close(resolve));
});

test("an address that is not this machine's is said with the fix", async () => {
  await expect(listen(harness().app, { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
    code: 'bad-settings',
    fix: expect.stringContaining('HOST'),
  });
});

test('close: a request in flight gets its answer, a kept-alive connection ends, new ones are refused', async () => {
  const backend = new RecordingBackend();
  let answer: (() => void) | undefined;
  backend.projects.get = () => new Promise((resolve) => (answer = () => resolve({ id: 7 } as never)));
  const { url, close } = await start(backend);
  const agent = new Agent({ keepAlive: true });
  const idle = new Agent({ keepAlive: true });
  await fetchWith(idle, `${url}/livez`);
  const inFlight = fetchWith(agent, `${url}/api/projects/7`);
  await expect.poll(() => answer).toBeDefined();
  const closed = close(60_000);
  await expect(fetchWith(new Agent(), `${url}/livez`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  answer!();
  expect((await inFlight).status).toBe(200);
  await closed;
});

test('close ends in time although a client never lets go', async () => {
  const { port, close } = await start();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{');
  await close(100);
  await new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)));
});
