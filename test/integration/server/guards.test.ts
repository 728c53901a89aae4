import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apiToken } from '../../../src/server/api-token.ts';
import { harness } from './harness.ts';

const TOKEN = 'a-token-of-16-chars';
const OUTSIDE = { host: '0.0.0.0', publicUrl: 'https://dg.example.org/', callbackUrl: 'http://datasetgan.local:9090' };

test.each(['localhost', 'localhost:9090', '127.0.0.1:1234', '[::1]:9090', 'LOCALHOST', '127.8.8.8'])(
  'Host %s is loopback',
  async (host) => {
    await harness().http.get('/api/projects').set('Host', host).expect(200);
  },
);

test.each([
  'evil.example.org',
  'localhost.evil.org',
  '127.0.0.1.nip.io',
  '10.0.0.5:9090',
  'a b',
  'x@localhost',
  '',
  'dg.example.org',
])('Host "%s" is refused on loopback', async (host) => {
  const { http, backend } = harness();
  // Node itself answers a request without any Host.
  const answer = await http
    .get('/api/projects/7')
    .set('Host', host || ' ')
    .expect(403);
  expect(answer.body.error).toMatchObject({ code: 'forbidden-host', fix: expect.stringContaining('PUBLIC_URL') });
  expect(backend.calls).toEqual([]);
});

test.each(['dg.example.org', 'dg.example.org:443', 'datasetgan.local:9090', '10.0.0.5:9090', 'localhost'])(
  'Host %s is ours when listening everywhere',
  async (host) => {
    await harness({ settings: OUTSIDE, apiToken: TOKEN })
      .http.get('/api/projects')
      .set('Host', host)
      .set('X-Api-Token', TOKEN)
      .expect(200);
  },
);

test('a name that is not ours stays refused when listening everywhere', async () => {
  const { http } = harness({ settings: OUTSIDE, apiToken: TOKEN });
  await http.get('/api/projects').set('Host', 'evil.example.org').set('X-Api-Token', TOKEN).expect(403);
});

test('HOST by its own name', async () => {
  const { http } = harness({ settings: { host: '192.168.1.4' }, apiToken: TOKEN });
  const get = (host: string) => http.get('/api/projects').set('Host', host).set('X-Api-Token', TOKEN);
  await get('192.168.1.4:9090').expect(200);
  await get('192.168.1.5:9090').expect(403);
});

test.each(['http://evil.example.org', 'null', 'http://localhost:8080', 'http://127.0.0.1', 'https://localhost.evil.org'])(
  'a page of %s changes nothing',
  async (origin) => {
    const { http, backend } = harness();
    const post = (path: string) => http.post(path).set('Host', 'localhost:9090').set('Origin', origin);
    expect((await post('/api/projects/7/train').send({}).expect(403)).body.error.code).toBe('forbidden-origin');
    await http.delete('/api/jobs/j1').set('Host', 'localhost:9090').set('Origin', origin).expect(403);
    await post('/setup').send({}).expect(403);
    await post('/predict').type('text/plain').send('{}').expect(403);
    await post('/train').send({}).expect(403);
    expect(backend.calls).toEqual([]);
  },
);

test('our own page may, and reading is not checked', async () => {
  const { http } = harness({ settings: { publicUrl: 'https://dg.example.org' } });
  await http.post('/api/projects/7/train').set('Host', 'localhost:9090').set('Origin', 'http://localhost:9090').expect(202);
  await http.post('/api/projects/7/train').set('Host', 'localhost:9090').set('Origin', 'https://dg.example.org').expect(202);
  await http.get('/api/projects').set('Origin', 'http://evil.example.org').expect(200);
});

test('a page that has rebound its own name to us is refused with its own origin', async () => {
  const { http } = harness();
  await http
    .post('/setup')
    .set('Host', 'evil.example.org:9090')
    .set('Origin', 'http://evil.example.org:9090')
    .send({})
    .expect(403);
});

test('beyond loopback everything under /api needs the token, except pictures and truth', async () => {
  const { http, backend } = harness({ settings: OUTSIDE, apiToken: TOKEN });
  const closed = ['/api/generators', '/api/projects', '/api/projects/7', '/api/jobs/j1', '/api/datasets/d1', '/api/nothing'];
  for (const path of [...closed, '/api/projects/7/predictions/1.png']) {
    const refused = await http.get(path).expect(401).expect('WWW-Authenticate', 'Bearer');
    expect(refused.body.error).toMatchObject({ code: 'unauthorized', fix: expect.stringContaining('API_TOKEN') });
    await http.get(path).set('Authorization', 'Bearer wrong').expect(401);
    await http.get(path).set('Authorization', `Basic ${TOKEN}`).expect(401);
  }
  await http.post('/api/projects/7/train').expect(401);
  expect(backend.calls).toEqual([]);
  await http.get('/api/projects').set('Authorization', `Bearer ${TOKEN}`).expect(200);
  await http.get('/api/projects').set('Authorization', `bearer ${TOKEN}`).expect(200);
  await http.post('/api/projects/7/train').set('X-Api-Token', TOKEN).expect(202);
  await http.get('/api/generators/portraits-256/images/1.png').expect(200);
  await http.get('/api/generators/portraits-256/truth/1.png').expect(200);
  // What there is to ask is nobody's business either.
  await http.get('/openapi.json').expect(401);
  await http.get('/openapi.json').set('Authorization', `Bearer ${TOKEN}`).expect(200);
});

test('a link with a key goes past host and token to the route that checks it, for files and report alone', async () => {
  const { http, backend } = harness({ settings: OUTSIDE, apiToken: TOKEN });
  for (const path of ['/api/datasets/d1/export?format=coco', '/api/datasets/d1/report']) await http.get(path).expect(401);
  const link = (path: string) => http.get(path).set('Host', 'some.proxy.example');
  await link('/api/datasets/d1/export?format=coco&archive=zip&key=right').expect(200);
  await link('/api/datasets/d1/report?key=right').expect(200);
  const refused = await link('/api/datasets/d1/report?key=wrong').expect(401);
  expect(refused.body.error.code).toBe('unauthorized');
  await link('/api/datasets/d1/report?key=right&key=right').expect(400);
  expect(backend.calls.map(({ name }) => name)).toEqual(['datasets.archive', 'datasets.report', 'datasets.report']);
  for (const path of ['/api/datasets/d1?key=right', '/api/datasets?key=right', '/api/projects/7?key=right'])
    await http.get(path).expect(401);
  await http.post('/api/datasets/d1/pause?key=right').expect(401);
  await http.delete('/api/datasets/d1?key=right').expect(401);
});

test('a token that was set is needed on loopback too', async () => {
  await harness({ apiToken: TOKEN }).http.get('/api/projects').expect(401);
});

test('beyond loopback there is no server without a token', () => {
  expect(() => harness({ settings: OUTSIDE })).toThrow('Listening on 0.0.0.0, /api needs a token.');
});

test('the made token is kept in the data folder, for its owner only', async () => {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'datasetgan-')), 'data');
  const open = { host: '0.0.0.0', apiToken: null, dataDir };
  const first = await apiToken(open);
  expect(first).toEqual({ token: expect.stringMatching(/^[0-9a-f]{40}$/), made: true });
  expect(await apiToken(open)).toEqual({ token: first.token, made: false });
  expect((await readFile(join(dataDir, 'api-token'), 'utf8')).trim()).toBe(first.token);
  expect((await stat(join(dataDir, 'api-token'))).mode & 0o777).toBe(0o600);
  expect(await apiToken({ ...open, apiToken: TOKEN })).toEqual({ token: TOKEN, made: false });
  expect(await apiToken({ ...open, host: 'localhost' })).toEqual({ token: null, made: false });
});

test('Basic authentication on the Label Studio routes, never on /webhook', async () => {
  const { http } = harness({ settings: { basicAuth: { user: 'ls', pass: 'pa:ss' } } });
  const refused = await http.get('/health').expect(401).expect('WWW-Authenticate', 'Basic realm="DatasetGAN"');
  expect(refused.body.error.fix).toContain('BASIC_AUTH_USER');
  await http.get('/').expect(401);
  await http.post('/setup').send({}).expect(401);
  await http.post('/predict').send({ tasks: [] }).expect(401);
  await http.get('/health').auth('ls', 'pa').expect(401);
  await http.get('/health').auth('ls', 'pa:ss').expect(200);
  await http.post('/webhook').send({ action: 'ANNOTATION_CREATED' }).expect(201);
  await http.get('/livez').expect(200);
  await http.get('/api/projects').expect(200);
});

test('the routes of Label Studio answer to any host until it is known by which it reaches us, and then to that one', async () => {
  const setup = { project: '7.1', schema: '<View/>' };
  const { http, backend } = harness();
  const asked = (host: string) => http.post('/setup').set('Host', host).send(setup);
  await asked('whatever.example:9090').expect(200);
  backend.labelStudio.callbackHosts = () => ['tools.example', 'datasetgan'];
  for (const host of ['tools.example', 'datasetgan:9090', 'TOOLS.example:443', 'localhost:9090', '127.0.0.1'])
    await asked(host).expect(200);
  for (const path of ['/', '/health', '/versions']) await http.get(path).set('Host', 'evil.example').expect(403);
  for (const host of ['evil.example', 'tools.example.evil', 'x@tools.example', '10.0.0.5'])
    expect((await asked(host).expect(403)).body.error).toMatchObject({
      code: 'forbidden-host',
      fix: expect.stringContaining('CALLBACK_URL'),
    });
  expect(backend.of('labelStudio.setup')).toHaveLength(6);
  await http.post('/webhook').set('Host', 'evil.example').send({ action: 'START_TRAINING' }).expect(201);

  const outside = harness({ settings: OUTSIDE, apiToken: TOKEN });
  await outside.http.get('/health').set('Host', 'evil.example').expect(403);
  for (const host of ['datasetgan.local:9090', 'dg.example.org', '10.0.0.5:9090'])
    await outside.http.get('/health').set('Host', host).expect(200);
});
