import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { type Listening, listen } from '../../../src/server/listen.ts';
import { bodyParser, type ParseBody } from '../../../src/server/parse-body.ts';
import { harness } from './harness.ts';
import { RecordingBackend } from './recording-backend.ts';

let engine: Engine;
let server: Listening;
const backend = new RecordingBackend();
const moved: number[] = [];

beforeAll(async () => {
  engine = new Engine({ threads: 1, memoryLimit: 1e9 });
  const parser = bodyParser(engine);
  const parse: ParseBody = async (kind, bytes, given) => {
    const parsed = parser(kind, bytes, given);
    // A body that has gone to another thread leaves an empty buffer behind.
    if (bytes.byteLength === 0) moved.push(1);
    return parsed;
  };
  server = await listen(harness({ backend, parse }).app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

function post(path: string, body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = httpRequest(server.url + path, { method: 'POST', headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      resolve({ status: response.statusCode!, body: text });
    });
    request.on('error', reject);
    (async () => {
      for await (const chunk of body) if (!request.write(chunk)) await new Promise((drained) => request.once('drain', drained));
      request.end();
    })().catch(reject);
  });
}

/** A task with so many bytes of annotations behind it, as brush annotations are. */
function* predictBody(megabytes: number): Iterable<Uint8Array> {
  const text = new TextEncoder();
  yield text.encode('{"tasks":[{"id":1,"annotations":[{"result":[{"value":{"rle":[0');
  const block = text.encode(',123,45'.repeat(149_797));
  for (let sent = 0; sent < megabytes * 2 ** 20; sent += block.byteLength) yield block;
  yield text.encode(']}}]}],"data":{"image":"x"},"meta":{"datasetgan":{"seed":5}}},{"id":2}],"project":"7.1"}');
}

test('a /predict of 40 MB arrives in chunks of unknown total and is parsed off the main thread', async () => {
  const answer = await post('/predict', predictBody(40));
  expect(answer).toEqual({ status: 200, body: '{"results":[[],[]]}' });
  expect(backend.of('labelStudio.predict').at(-1)![0]).toMatchObject({
    tasks: [{ id: 1, data: { image: 'x' }, meta: { datasetgan: { seed: 5 } } }, { id: 2 }],
    project: '7.1',
  });
  expect(moved.length).toBe(1);
});

test('health and a webhook are answered while it is parsed', async () => {
  let parsed = false;
  const large = post('/predict', predictBody(40)).then(() => (parsed = true));
  const before = moved.length;
  await expect.poll(() => moved.length, { timeout: 30_000, interval: 1 }).toBe(before + 1);
  const health = await fetch(`${server.url}/health`);
  const hook = await fetch(`${server.url}/webhook`, {
    method: 'POST',
    body: JSON.stringify({ action: 'ANNOTATION_CREATED', project: { id: 7 } }),
  });
  expect([health.status, hook.status, parsed]).toEqual([200, 201, false]);
  await large;
});

test('a small body stays where it is', async () => {
  const before = moved.length;
  await post('/predict', predictBody(0));
  expect(moved.length).toBe(before);
});

test('a large /webhook is answered by its first bytes and recorded later', async () => {
  const text = new TextEncoder();
  const body = [
    text.encode('{"action": "ANNOTATION_CREATED", "annotation": {"id": 3, "result": "'),
    text.encode('x'.repeat(2 ** 20)),
    text.encode('"}, "project": {"id": 7}}'),
  ];
  expect((await post('/webhook', body)).status).toBe(201);
  await expect.poll(() => backend.of('labelStudio.webhook').at(-1)?.[0]).toMatchObject({ projectId: 7, annotationIds: [3] });
});

test('over 250 MiB is 413: at once when announced, when it gets there otherwise; /webhook stays 2xx', async () => {
  const announced = { 'Content-Length': String(251 * 2 ** 20) };
  const blank = new Uint8Array(2 ** 20);
  const blanks = Array.from({ length: 251 }, () => blank);
  const tooLarge = { error: { code: 'body-too-large', message: 'The body is larger than 250 MiB.', fix: expect.any(String) } };
  for (const headers of [announced, {}]) {
    const { status, body } = await post('/predict', blanks, headers);
    expect(status).toBe(413);
    expect(JSON.parse(body)).toEqual(tooLarge);
  }
  expect((await post('/webhook', blanks, announced)).status).toBe(200);
});

test('what is no JSON in a large body is a 400 from the other thread', async () => {
  const { status, body } = await post('/predict', [new Uint8Array(2 ** 19).fill(0x20)]);
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'bad-request' } });
});
