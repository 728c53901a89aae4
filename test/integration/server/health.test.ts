import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DatasetGanError } from '../../../src/errors.ts';
import { harness } from './harness.ts';

test('/livez says that the server runs, /readyz that it can work', async () => {
  const { http, backend } = harness();
  expect((await http.get('/livez').expect(200)).body).toEqual({ status: 'alive' });
  expect((await http.get('/readyz').expect(200)).body).toEqual({ status: 'ready' });
  const problem = new DatasetGanError('database-down', 'The database does not answer.', { fix: 'Start it.' });
  backend.server.unready = async () => problem;
  expect((await http.get('/readyz').expect(503)).body).toEqual({
    error: { code: 'database-down', message: 'The database does not answer.', fix: 'Start it.' },
  });
  await http.get('/livez').expect(200);
  backend.server.unready = () => Promise.reject(new Error('cannot even ask'));
  await http.get('/readyz').expect(503);
});

test('metrics of requests, jobs, engine and process', async () => {
  const { http, backend } = harness();
  await http.get('/api/projects/7').expect(200);
  await http.get('/api/projects/9').expect(404);
  const { text } = await http
    .get('/metrics')
    .expect(200)
    .expect('Content-Type', /^text\/plain/);
  expect(text).toContain('datasetgan_jobs{kind="train",state="running"} 2');
  expect(text).toContain('datasetgan_engine_tasks{lane="batch"} 1');
  expect(text).toContain('datasetgan_job_wait_seconds{kind="refresh"} 3.5');
  expect(text).toContain('datasetgan_job_seconds_bucket{le="3",kind="train",outcome="completed"} 1');
  for (const line of ['pairs 1200', 'workers 2', 'memory_limit_bytes 2000000000', 'disk_free_bytes 5000000000'])
    expect(text).toContain(`datasetgan_${line}`);
  expect(text).toMatch(/datasetgan_http_request_seconds_count\{method="GET",route="\/projects\/:id",status="200"\} 1/);
  expect(text).toMatch(/datasetgan_http_request_seconds_count\{method="GET",route="\/projects\/:id",status="404"\} 1/);
  expect(text).toContain('process_resident_memory_bytes');
  backend.server.load = () => Promise.reject(new Error('database down'));
  await http.get('/metrics').expect(200);
});

test('health of the server, and what the doctor finds, by the address that was asked', async () => {
  const { http } = harness();
  expect((await http.get('/api/health').expect(200)).body).toMatchObject({ versions: { node: '24.0.0' }, uploadLimit: 2e9 });
  const { body } = await http.get('/api/health/findings').set('Host', 'localhost:9090').expect(200);
  expect(body).toMatchObject([{ title: 'http://localhost:9090', findings: [{ level: 'fail', fix: 'Connect it.' }] }]);
});

test("every metric of Grafana's dashboard is there", async () => {
  const { http } = harness();
  await http.get('/api/projects/7').expect(200);
  const { text } = await http.get('/metrics').expect(200);
  const dashboard = readFileSync(new URL('../../../docker/grafana/datasetgan.json', import.meta.url), 'utf8');
  const { panels } = JSON.parse(dashboard) as { panels: { title: string; targets: { expr: string }[] }[] };
  const named = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(?:datasetgan|process|nodejs)_\w+/g) ?? []),
  );
  expect(new Set(named).size).toBeGreaterThan(10);
  for (const name of named) expect(text).toMatch(new RegExp(`^${name}(?:\\{| )`, 'm'));
  // What it asks for by label must be said by that label.
  for (const { targets } of panels)
    for (const { expr } of targets)
      for (const [, label] of expr.matchAll(/(\w+)=~?"/g)) if (label !== 'job') expect(text).toContain(`${label}="`);
});

test('one line of log per request, with its id, and without secrets', async () => {
  const { http, log } = harness();
  const answer = await http.get('/api/projects/7?token=S3CRETvalue').expect(400);
  const lines = log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({
    request: answer.headers['x-request-id'],
    method: 'GET',
    url: '/api/projects/7?token=[redacted]',
    status: 400,
    ms: expect.any(Number),
  });
  expect(log()).not.toContain('S3CRETvalue');
});

test('beyond loopback, metrics and the description of the REST API need the token; whether it is alive and ready does not', async () => {
  const apiToken = 'a-token-of-twenty-characters';
  const { http } = harness({ settings: { host: '0.0.0.0' }, apiToken });
  for (const path of ['/metrics', '/openapi.json']) {
    expect((await http.get(path).expect(401)).body).toMatchObject({ error: { code: 'unauthorized' } });
    await http.get(path).set('Authorization', 'Bearer another').expect(401);
    await http.get(path).set('Authorization', `Bearer ${apiToken}`).expect(200);
  }
  for (const path of ['/livez', '/readyz']) await http.get(path).expect(200);
  // Programs of this machine may see them.
  const own = harness({ apiToken });
  for (const path of ['/metrics', '/openapi.json']) await own.http.get(path).expect(200);
});
