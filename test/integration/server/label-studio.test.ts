import { request as httpRequest } from 'node:http';
import { expect, test, vi } from 'vitest';
import type { PredictResult, SetupAnswer } from '../../../src/api/backend.ts';
import { DatasetGanError } from '../../../src/errors.ts';
import { listen } from '../../../src/server/listen.ts';
import { harness } from './harness.ts';
import { RecordingBackend } from './recording-backend.ts';

const CONFIG =
  '<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image"><Label value="hair"/></BrushLabels></View>';
const SETUP = {
  project: '7.1700000000',
  schema: CONFIG,
  hostname: 'http://localhost:8080',
  access_token: 'abc',
  extra_params: {},
};
const prediction = (id: number | null): PredictResult => ({
  result: [{ id: `r${id}` }],
  score: 0.5,
  model_version: 'dg-000000000001',
});

/** What the reference backend's own tests ask of every backend. */
test('peer conformance: health, metrics, predict with a dict, setup, webhook', async () => {
  const { http } = harness();
  for (const path of ['/', '/health']) {
    const { body } = await http
      .get(path)
      .expect(200)
      .expect('Content-Type', /^application\/json/);
    expect(body).toEqual({ status: 'UP', model_class: 'DatasetGan' });
  }
  await http.get('/metrics').expect(200);
  const predict = {
    tasks: { id: 1, data: { image: 'x' } },
    label_config: '<View></View>',
    project: '1.1000000000',
    params: { context: {} },
  };
  expect((await http.post('/predict').send(predict).expect(200)).body).toEqual({ results: [[]] });
  await http.post('/setup').send({ project: '1', schema: '<View></View>', extra_params: {} }).expect(200);
  const event = { action: 'ANNOTATION_CREATED', project: { id: 1, label_config: '<View></View>' } };
  await http.post('/webhook').send(event).expect(201);
});

test('peer conformance: predict without params and project, context {} as none, tasks without data', async () => {
  const { http, backend } = harness();
  const sent = [
    { tasks: [{ id: 1 }], label_config: CONFIG },
    { tasks: [{ id: 2 }], params: null },
    { tasks: [{}], params: { context: {} } },
  ];
  for (const body of sent) expect((await http.post('/predict').send(body).expect(200)).body).toEqual({ results: [[]] });
  expect(backend.of('labelStudio.predict').map(([asked]) => asked)).toMatchObject([
    { tasks: [{ id: 1, data: {} }], project: null, context: null },
    { tasks: [{ id: 2 }], labelConfig: null, context: null },
    { tasks: [{ id: null }], context: null },
  ]);
});

test.each([
  ['an object', { seed_tasks: 16 }, { seed_tasks: 16 }],
  ['a JSON string, as the form sends it', '{"seed_tasks": 16, "orders": true}', { seed_tasks: 16, orders: true }],
  ['null', null, {}],
  ['an empty string', '', {}],
  ['no JSON', '{seed', {}],
])('/setup takes extra_params as %s', async (_how, sent, understood) => {
  const { http, backend } = harness();
  const { body } = await http
    .post('/setup')
    .set('Host', 'datasetgan.local:9090')
    .send({ ...SETUP, extra_params: sent })
    .expect(200);
  expect(body).toEqual({ model_version: 'dg-000000000001' });
  expect(backend.of('labelStudio.setup')[0]![0]).toMatchObject({
    project: '7.1700000000',
    schema: CONFIG,
    hostname: 'http://localhost:8080',
    accessToken: 'abc',
    extraParams: understood,
    host: 'datasetgan.local:9090',
  });
});

test('/setup without a version answers null', async () => {
  const { http, backend } = harness();
  backend.labelStudio.setup = async () => ({ modelVersion: null });
  expect((await http.post('/setup').send(SETUP).expect(200)).body).toEqual({ model_version: null });
});

test('a refusal of /setup is a 400 whose reason phrase is the fix, in ASCII', async () => {
  const backend = new RecordingBackend();
  backend.labelStudio.setup = async () => ({ refusal: 'No token for “http://ls”: set LABEL_STUDIO_API_KEY\r\nX-Evil: 1' });
  const server = await listen(harness({ backend }).app, { host: '127.0.0.1', port: 0 });
  const { status, reason, headers } = await new Promise<{ status: number; reason: string; headers: object }>(
    (resolve, reject) => {
      const request = httpRequest(`${server.url}/setup`, { method: 'POST' }, (response) => {
        response.resume();
        resolve({ status: response.statusCode!, reason: response.statusMessage!, headers: response.headers });
      });
      request.on('error', reject).end(JSON.stringify(SETUP));
    },
  );
  await server.close();
  expect(status).toBe(400);
  expect(reason).toBe('No token for "http://ls": set LABEL_STUDIO_API_KEY X-Evil: 1');
  expect(headers).not.toHaveProperty('x-evil');
});

test('/setup that cannot be answered in time or at all is an error that says so', async () => {
  const { http, backend } = harness();
  expect((await http.post('/setup').send({ schema: CONFIG }).expect(400)).body.error.code).toBe('bad-request');
  expect((await http.post('/setup').type('json').send('{').expect(400)).body.error.code).toBe('bad-request');
  backend.labelStudio.setup = () => Promise.reject(new DatasetGanError('database-down', 'The database does not answer.'));
  expect((await http.post('/setup').send(SETUP).expect(503)).body.error.code).toBe('database-down');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let asked = false;
    backend.labelStudio.setup = () => {
      asked = true;
      return new Promise<SetupAnswer>(() => undefined);
    };
    const answer = http
      .post('/setup')
      .send(SETUP)
      .expect(503)
      .then(({ body }) => body as { error: { fix: string } });
    await vi.waitUntil(() => asked);
    vi.advanceTimersByTime(2500);
    expect((await answer).error.fix).toContain('Try again');
  } finally {
    vi.useRealTimers();
  }
});

test('/predict: one result per task, in order, with the deadline', async () => {
  const { http, backend } = harness();
  backend.labelStudio.predict = async ({ tasks }) => tasks.map(({ id }) => (id === 2 ? [] : prediction(id)));
  const before = Date.now();
  const tasks = [1, 2, 3].map((id) => ({ id, data: { image: `/data/upload/${id}.png` }, meta: { datasetgan: { seed: id } } }));
  const { body } = await http
    .post('/predict')
    .send({ tasks, project: '7.1700000000', label_config: CONFIG, params: { login: null, password: null, context: null } })
    .expect(200)
    .expect('Content-Type', /^application\/json/);
  expect(body).toEqual({ results: [prediction(1), [], prediction(3)] });
  const asked = backend.of('labelStudio.predict')[0]![0] as { deadline: number };
  expect(asked).toMatchObject({ project: '7.1700000000', labelConfig: CONFIG, tasks });
  expect(asked.deadline - before).toBeGreaterThanOrEqual(85_000);
  expect(asked.deadline - before).toBeLessThan(90_000);
});

test('/predict: an empty list of tasks gives no results, a missing list is refused', async () => {
  const { http } = harness();
  expect((await http.post('/predict').send({ tasks: [] }).expect(200)).body).toEqual({ results: [] });
  expect((await http.post('/predict').send({}).expect(400)).body.error.code).toBe('bad-request');
});

test('/predict has its form whatever the backend does', async () => {
  const { http, backend, log } = harness();
  const ask = async (tasks: number, context: unknown = null) =>
    (
      await http
        .post('/predict')
        .send({ tasks: Array.from({ length: tasks }, (_, id) => ({ id })), params: { context } })
        .expect(200)
    ).body as unknown;
  backend.labelStudio.predict = async () => [prediction(0)];
  expect(await ask(3)).toEqual({ results: [prediction(0), [], []] });
  backend.labelStudio.predict = async () => [prediction(0), prediction(1), prediction(2)];
  expect(await ask(2)).toEqual({ results: [prediction(0), prediction(1)] });
  backend.labelStudio.predict = () => Promise.reject(new Error('out of luck'));
  expect(await ask(2)).toEqual({ results: [[], []] });
  expect(log()).toContain('out of luck');
  expect(await ask(1, { result: [{ id: 'a' }] })).toEqual({ results: [{ result: [], score: 0, model_version: '' }] });
  backend.labelStudio.predict = async () => [[]];
  expect(await ask(1, { result: [{ id: 'a' }] })).toEqual({ results: [{ result: [], score: 0, model_version: '' }] });
  backend.labelStudio.predict = async () => [prediction(0)];
  expect(await ask(1, { result: [{ id: 'a' }] })).toEqual({ results: [prediction(0)] });
  expect(backend.of('labelStudio.predict').at(-1)![0]).toMatchObject({ context: { result: [{ id: 'a' }] } });
});

test('a /predict that never ends is answered with [] soon after the deadline', async () => {
  const { http, backend } = harness();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let asked = false;
    backend.labelStudio.predict = () => {
      asked = true;
      return new Promise(() => undefined);
    };
    const answer = http
      .post('/predict')
      .send({ tasks: [{ id: 1 }, { id: 2 }] })
      .expect(200)
      .then(({ body }) => body as unknown);
    await vi.waitUntil(() => asked);
    vi.advanceTimersByTime(87_000);
    expect(await answer).toEqual({ results: [[], []] });
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  ['ANNOTATION_CREATED', 201],
  ['ANNOTATIONS_CREATED', 201],
  ['ANNOTATION_UPDATED', 201],
  ['ANNOTATION_DELETED', 201],
  ['ANNOTATIONS_DELETED', 201],
  ['START_TRAINING', 201],
  ['PROJECT_UPDATED', 200],
  ['LABEL_LINK_CREATED', 200],
  ['REVIEW_CREATED', 200],
])('/webhook %s → %d, and the hint is recorded', async (action, status) => {
  const { http, backend } = harness();
  const { body } = await http
    .post('/webhook')
    .send({ action, project: { id: 7, created_at: '2026-01-01T00:00:00Z' } })
    .expect(status);
  expect(body).toEqual(expect.any(Object));
  await expect.poll(() => backend.of('labelStudio.webhook').length).toBe(1);
  expect(backend.of('labelStudio.webhook')[0]![0]).toMatchObject({
    action,
    projectId: 7,
    projectCreatedAt: '2026-01-01T00:00:00Z',
  });
});

test('/webhook is 2xx with JSON for whatever is sent', async () => {
  const { http } = harness();
  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"action":5}',
    '{"action":"X"}',
    Buffer.from([0xff, 0xfe]).toString('latin1'),
  ])
    expect((await http.post('/webhook').type('json').send(body).expect(200)).body).toEqual(expect.any(Object));
  await http.post('/webhook').type('text/plain').send('{"action":"ANNOTATION_CREATED"}').expect(201);
  await http.post('/webhook').set('Content-Encoding', 'gzip').type('json').send('xx').expect(200);
  await http.post('/webhook').set('Origin', 'http://evil.example.org').send({ action: 'START_TRAINING' }).expect(201);
});

test('/webhook answers before the backend has recorded the hint, and when it cannot', async () => {
  const { http, backend, log } = harness();
  backend.labelStudio.webhook = () => new Promise(() => undefined);
  await http
    .post('/webhook')
    .send({ action: 'ANNOTATION_CREATED', project: { id: 7 } })
    .expect(201);
  backend.labelStudio.webhook = () => Promise.reject(new DatasetGanError('database-down', 'The database does not answer.'));
  await http
    .post('/webhook')
    .send({ action: 'ANNOTATION_CREATED', project: { id: 7 } })
    .expect(201);
  await expect.poll(log).toContain('The database does not answer.');
});

test('no secret of a body reaches the log', async () => {
  const { http, backend, log } = harness();
  const secret = 'S3CRETvalue0123';
  await http
    .post('/setup')
    .send({ ...SETUP, access_token: secret })
    .expect(200);
  const project = { id: 7, token: secret, task_data_password: secret };
  await http.post('/webhook').send({ action: 'ANNOTATION_CREATED', project }).expect(201);
  await http
    .post('/predict')
    .set('Authorization', `Basic ${secret}`)
    .send({ tasks: [], params: { password: secret } })
    .expect(200);
  await expect.poll(() => backend.of('labelStudio.webhook').length).toBe(1);
  expect(log()).not.toContain(secret);
});

test('the calls that Label Studio makes rarely are answered with JSON objects', async () => {
  const { http, backend } = harness();
  expect((await http.get('/versions').expect(200)).body).toEqual({ versions: ['dg-000000000002', 'dg-000000000001'] });
  expect((await http.post('/validate').send({ config: CONFIG }).expect(200)).body).toEqual({ status: 'ok' });
  expect((await http.post('/delete').send({ project: '7.1' }).expect(200)).body).toEqual({ status: 'ok' });
  expect((await http.post('/duplicate_model').send({ project_src: '1', project_dst: '2' }).expect(200)).body).toEqual({
    status: 'ok',
  });
  expect((await http.post('/job_status').send({ job: 'j1' }).expect(200)).body).toEqual({ job_status: 'started' });
  expect((await http.post('/job_status').send({ job: 'gone' }).expect(200)).body).toEqual({ job_status: 'removed' });
  expect((await http.post('/train').send({ project: '7.1700000000' }).expect(201)).body).toEqual({ status: 'ok' });
  expect(backend.of('labelStudio.webhook')).toMatchObject([[{ action: 'START_TRAINING', projectId: 7 }]]);
  await http.post('/train').send('nonsense').expect(201);
  await http.post('/train').send({ project: 'x' }).expect(201);
  expect(backend.of('labelStudio.webhook')).toHaveLength(1);
});
