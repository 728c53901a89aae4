import { expect, test } from 'vitest';
import { createLogger } from '../../../src/log.ts';
import { createServer } from '../../../src/server/app.ts';
import { listen } from '../../../src/server/listen.ts';
import { parseBody } from '../../../src/server/parse-body.ts';
import { until } from '../../support/until.ts';
import { RecordingBackend } from './recording-backend.ts';

const settings = { host: '127.0.0.1', port: 0, publicUrl: null, callbackUrl: null, basicAuth: null };

async function serving() {
  const backend = new RecordingBackend();
  const closing = new AbortController();
  const app = createServer(backend, {
    settings,
    apiToken: null,
    logger: createLogger('silent'),
    parse: async (kind, bytes, given) => parseBody({ kind, bytes, given }),
    closing: closing.signal,
  });
  const { url, close } = await listen(app, settings);
  return {
    backend,
    url,
    stop: () => {
      closing.abort();
      return close(60_000);
    },
  };
}

/** What a client of /api/events has read so far. */
async function reader(url: string) {
  const response = await fetch(`${url}/api/events`);
  let text = '';
  const ended = (async () => {
    for await (const chunk of response.body!) text += Buffer.from(chunk).toString('utf8');
  })();
  return { response, ended, events: () => text.split('\n\n').filter((event) => event.startsWith('event: live\n')) };
}

test('tells what runs at once, then only what changes, to all who listen by one look a second', async () => {
  const { backend, url, stop } = await serving();
  const [first, second] = [await reader(url), await reader(url)];
  expect(first.response.headers.get('content-type')).toMatch(/text\/event-stream/);
  await until('both were told', async () => first.events().length === 1 && second.events().length === 1, { every: 20 });
  const { jobs, revision } = JSON.parse(first.events()[0]!.split('data: ')[1]!) as { jobs: object[]; revision: string };
  expect(jobs).toMatchObject([{ id: 'j1', state: 'running' }]);
  expect(revision).toBe('1');

  const looks = backend.of('jobs.live').length;
  await until('it looked again', async () => backend.of('jobs.live').length > looks, { every: 20 });
  expect(first.events()).toHaveLength(1);

  const third = await reader(url);
  await until('who comes later is told, too', async () => third.events().length === 1, { every: 20 });
  await stop();
});

test('a server that stops ends the connections, instead of waiting for them', async () => {
  const { url, stop } = await serving();
  const { ended } = await reader(url);
  await stop();
  await ended;
});

test('nobody looks when nobody listens', async () => {
  const { backend, url, stop } = await serving();
  const gone = new AbortController();
  await fetch(`${url}/api/events`, { signal: gone.signal });
  await until('it looked', async () => backend.of('jobs.live').length > 0, { every: 20 });
  gone.abort();
  await new Promise((done) => setTimeout(done, 1500));
  const looks = backend.of('jobs.live').length;
  await new Promise((done) => setTimeout(done, 2200));
  expect(backend.of('jobs.live').length).toBe(looks);
  await stop();
});
