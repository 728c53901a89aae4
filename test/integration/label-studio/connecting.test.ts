import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Backend } from '../../../src/api/backend.ts';
import { productBackend } from '../../../src/jobs/product-backend.ts';
import { start } from '../../../src/jobs/start.ts';
import { parseSetupRequest } from '../../../src/label-studio/requests/setup-request.ts';
import { createLogger } from '../../../src/log.ts';
import { readSettings } from '../../../src/settings.ts';
import { requireJob } from '../../../src/store/jobs.ts';
import { findProjectsByLsId, updateProject } from '../../../src/store/projects.ts';
import type { Project } from '../../../src/store/schema.ts';
import { makeDataFolder } from '../../support/data-folder.ts';
import {
  type FakeAnswer,
  type FakeLabelStudio,
  type SeenRequest,
  startFakeLabelStudio,
} from '../../support/fake-label-studio.ts';
import { until } from '../../support/until.ts';

const CREATED = '2026-11-24T10:00:00Z';
const SECONDS = Date.parse(CREATED) / 1000;
const CONFIG = `<View><Image name="image" value="$image"/>
  <BrushLabels name="parts" toName="image"><Label value="Hair"/><Label value="Face"/></BrushLabels></View>`;
const KEY = '0123456789abcdef0123456789abcdef01234567';
const TOKEN = 'a'.repeat(40);
const VERSION = 'dg-000000000001';

interface Row {
  id: number;
  url: string;
  extra_params: unknown;
}

/** A Label Studio with a project for each test. It calls the backends whose address begins with `reaches`, as the real one does when it is asked for a row. */
let labelStudio: FakeLabelStudio;
let rows: Row[];
/** Of the project. */
let id = 6;
let config: string;
let hooks: object[];
let shown: string;
let reaches: string;
let token: string;
/** Rows that Label Studio was asked to call. */
let asked: number[];
let backend: Backend;
let close: () => Promise<void>;
let clock = Date.now();
let product: Awaited<ReturnType<typeof start>>['product'];

/** What Label Studio sends, with what somebody else puts in its place. */
const setup = (body: object = {}, host = 'datasetgan:9090') => {
  const sent = {
    project: `${id}.${SECONDS}`,
    schema: config,
    hostname: 'http://localhost:8080',
    access_token: token,
    extra_params: null,
  };
  return backend.labelStudio.setup(parseSetupRequest({ ...sent, ...body }, host));
};

function answer({ method, path, body }: SeenRequest): FakeAnswer {
  if (path === '/api/current-user/whoami') return { status: 200, json: { id: 1, email: 'a@example.com' } };
  if (path === `/api/projects/${id}/`)
    return { status: 200, json: { id, title: 'Portraits', label_config: config, created_at: CREATED, model_version: shown } };
  if (path === `/api/projects/${id}/model-versions/`)
    return {
      status: 200,
      json: { static: [], live: rows.map((row) => ({ ...row, title: 'DatasetGAN', state: 'CO', project: id })) },
    };
  if (path === '/api/tasks/') return { status: 200, json: { total: 0, total_annotations: 0, total_predictions: 0, tasks: [] } };
  if (path === '/api/webhooks/' && method === 'GET') return { status: 200, json: hooks };
  if (path === '/api/webhooks/') {
    hooks.push({ ...(JSON.parse(body) as object), id: hooks.length + 1 });
    return { status: 201, json: hooks.at(-1) };
  }
  const row = rows.find((one) => path === `/api/ml/${one.id}`);
  if (row === undefined) return { status: 404, json: { detail: 'Not found.' } };
  asked.push(row.id);
  if (row.url.startsWith(reaches)) void setup({ extra_params: row.extra_params });
  return { status: 200, json: row };
}

beforeAll(async () => {
  labelStudio = await startFakeLabelStudio(answer);
  const dataDir = await makeDataFolder('connecting');
  const settings = readSettings({ DATA_DIR: dataDir, LABEL_STUDIO_URL: labelStudio.url, LABEL_STUDIO_API_KEY: KEY });
  const opened = await start(settings, createLogger('silent'), { reconcileSeconds: 3600, now: () => clock });
  product = opened.product;
  backend = productBackend(product);
  close = async () => {
    await opened.close();
    await labelStudio.close();
    await rm(dataDir, { recursive: true, force: true });
  };
});
afterAll(() => close());
beforeEach(() => {
  id++;
  config = CONFIG;
  rows = [];
  hooks = [];
  asked = [];
  shown = '';
  reaches = 'https://tools.example/dg';
  token = TOKEN;
});

const projects = () => findProjectsByLsId(product.store.db, id);

async function project(): Promise<Project> {
  const [row, ...others] = await projects();
  expect(others).toEqual([]);
  return row!;
}

/** What is known of the project, but for the time. */
const record = async () => ({ ...(await project()), updated_at: null });

const idle = () =>
  until(
    'all jobs are done',
    async () => (await backend.server.load()).jobs.every(({ state }) => state !== 'queued' && state !== 'running'),
    {
      every: 50,
      show: () => backend.server.load(),
    },
  );

async function reconcile(): Promise<Project> {
  const job = await product.queues.enqueue('reconcile', { projectKey: (await project()).key });
  await until('the project was looked at', async () => (await requireJob(product.store.db, job)).state === 'completed', {
    every: 50,
  });
  return project();
}

/** Connects as the Settings form does. */
async function connect(row: Partial<Row> = {}): Promise<Project> {
  const made = { id: rows.length + 1, url: 'https://tools.example/dg/', extra_params: { psi: 0.9 }, ...row };
  await setup({ extra_params: made.extra_params });
  rows.push(made);
  await setup({ extra_params: made.extra_params });
  await until('the project is connected', async () => (await projects())[0]?.state === 'connected', {
    every: 50,
  });
  await idle();
  return project();
}

/** A version of which all is done, so that a look finds nothing to do. */
async function withVersion(key: string): Promise<void> {
  shown = VERSION;
  await updateProject(product.store.db, key, { current_version: VERSION, refreshed_version: VERSION, shown_version: VERSION });
}

const changes = () => labelStudio.seen.filter(({ method }) => method !== 'GET');

test('what is recorded is what Label Studio has, not what /setup or its Host said; Label Studio is asked to call us once', async () => {
  expect(await setup({ extra_params: '{"psi": 0.1, "orders": true}' })).toEqual({ modelVersion: null });
  await until('it was looked for', async () => labelStudio.seen.some(({ path }) => path.endsWith('/model-versions/')));
  expect(await projects()).toEqual([]);
  const known = await connect();
  expect(known).toMatchObject({
    title: 'Portraits',
    state: 'connected',
    psi: 0.9,
    extra: { psi: 0.9 },
    generator: 'portraits-256',
    callback_url: 'https://tools.example/dg',
  });
  expect(asked).toEqual([1]);
  expect(hooks).toMatchObject([{ url: 'https://tools.example/dg/webhook' }]);
  expect(backend.labelStudio.callbackHosts()).toEqual(['tools.example', 'datasetgan']);

  // Label Studio calls before every prediction round: that leads to nothing.
  await withVersion(known.key);
  const before = labelStudio.seen.length;
  for (let round = 0; round < 20; round++) expect(await setup({ extra_params: { psi: 0.9 } })).toEqual({ modelVersion: VERSION });
  await idle();
  expect(labelStudio.seen.length).toBe(before);

  // An edit of the row is taken over; one that cannot be done is refused, as Label Studio then stores nothing.
  expect(await setup({ extra_params: { psi: 9 } })).toEqual({
    refusal: expect.stringMatching(/extra_params.psi must be a number/),
  });
  expect(await setup({ extra_params: { psii: 0.5 } })).toEqual({ refusal: expect.stringMatching(/did you mean 'psi'/) });
  rows = [{ ...rows[0]!, extra_params: { psi: 0.5 } }];
  expect(await setup({ extra_params: { psi: 0.5 } })).toEqual({ modelVersion: VERSION });
  await idle();
  expect(await project()).toMatchObject({ psi: 0.5 });
  expect(asked).toEqual([1]);
});

test('a forged /setup changes nothing, causes no request that changes anything, and learns nothing', async () => {
  const { key } = await connect();
  await withVersion(key);
  await reconcile();
  await idle();
  const before = await record();
  const changed = changes();
  const wrong = [`${id}.${SECONDS + 1}`, `${id + 1000}.${SECONDS}`, '2147483647.1'];
  const forged = { access_token: 'f'.repeat(40), extra_params: { seed_tasks: 100, psi: 0.1, orders: true } };
  const bodies = [
    {},
    { access_token: undefined },
    { access_token: '' },
    { schema: '<View/>' },
    { schema: CONFIG.replace('Hair', 'Evil') },
    { extra_params: '{"seed_task": 1}' },
    { extra_params: { generator: 'none' } },
    { extra_params: rows[0]!.extra_params },
    { hostname: 'http://evil.example' },
    { hostname: labelStudio.url },
  ];
  for (const body of bodies)
    for (const host of ['evil.example', 'datasetgan:9090']) {
      const known = await setup({ ...forged, ...body }, host);
      for (const uid of wrong) expect(await setup({ ...forged, ...body, project: uid }, host)).toEqual(known);
      expect(known).not.toHaveProperty('modelVersion', VERSION);
    }
  await idle();
  clock += 3_600_000;
  await setup(forged, 'evil.example');
  await reconcile();
  await idle();
  const { backends, ...after } = await record();
  const { backends: was, ...rest } = before;
  expect(after).toEqual(rest);
  expect(backends).toMatchObject(was.map(({ id, url, ours, host, said }) => ({ id, url, ours, host, said })));
  expect(changes()).toEqual(changed);
  expect(backend.labelStudio.callbackHosts()).toEqual(['tools.example', 'datasetgan']);
  expect(await setup({ extra_params: rows[0]!.extra_params })).toEqual({ modelVersion: VERSION });
});

test('a flood of forged calls has Label Studio call us once a minute at most', async () => {
  await connect();
  for (let round = 0; round < 13; round++) {
    clock += 5000;
    await setup({ access_token: `${round}`.padStart(40, 'f') });
    await idle();
  }
  expect(asked.length).toBeLessThanOrEqual(1 + 2);
});

test('the token of Label Studio may change', async () => {
  const { key } = await connect();
  await withVersion(key);
  clock += 60_000;
  token = 'b'.repeat(40);
  expect(await setup({ extra_params: { psi: 0.9 } })).toEqual({ modelVersion: null });
  await idle();
  expect(await setup({ extra_params: { psi: 0.9 } })).toEqual({ modelVersion: VERSION });
  expect(await setup({ access_token: TOKEN, extra_params: { psi: 0.9 } })).toEqual({ modelVersion: null });
});

test('a disconnected project comes back by itself, also by another address', async () => {
  const { key } = await connect();
  const [row] = rows;
  rows = [];
  expect(await reconcile()).toMatchObject({ state: 'disconnected', problem: { code: 'disconnected' } });
  rows = [row!];
  expect(await reconcile()).toMatchObject({ state: 'connected', problem: null });
  asked = [];

  // Whoever is there answers; it is not us. Later the proxy is fixed.
  rows = [{ id: 2, url: 'https://other.example', extra_params: null }];
  expect(await reconcile()).toMatchObject({
    state: 'disconnected',
    problem: { message: expect.stringContaining('https://other.example') },
  });
  expect(asked).toEqual([2]);
  await reconcile();
  expect(asked).toEqual([2]);
  reaches = 'https://other.example';
  clock += 5000;
  expect(await reconcile()).toMatchObject({ key, state: 'connected', problem: null, callback_url: 'https://other.example' });
});

test('an address with a slash and without is one backend, and a second row is named', async () => {
  await connect({ url: 'https://tools.example/dg' });
  rows.push({ id: 2, url: 'https://tools.example/dg/', extra_params: { psi: 0.2 } });
  await setup({ extra_params: { psi: 0.2 } });
  await idle();
  expect(asked).toEqual([1]);
  const twice = await reconcile();
  expect(twice).toMatchObject({
    psi: 0.9,
    problem: { code: 'connected-twice', fix: expect.stringContaining('delete all but the first') },
  });
  rows.pop();
  expect(await reconcile()).toMatchObject({ problem: null });
});

test('a control that has no effect on training is named where the annotators read', async () => {
  config = CONFIG.replace('</View>', '<EllipseLabels name="eyes" toName="image"><Label value="Eye"/></EllipseLabels></View>');
  await connect();
  const written = labelStudio.seen.filter(({ method, path }) => method === 'PATCH' && path === `/api/projects/${id}/`);
  expect(written.map(({ body }) => body).join()).toMatch(/EllipseLabels .*eyes.* has no effect on training/);
});
