import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { harness } from './harness.ts';
import { PNG } from './recording-backend.ts';

const IMAGE = '/api/generators/portraits-256/images/12.png';
const TRUTH = '/api/generators/portraits-256/truth/12.png';
const PREDICTION = '/api/projects/7/predictions/12.png';

test('a picture by seed, psi, cutoff and class', async () => {
  const { http, backend } = harness();
  const answer = await http.get(`${IMAGE}?psi=0.7&cutoff=4&class=2`).expect(200).expect('Content-Type', 'image/png');
  expect(Buffer.from(answer.body as Buffer)).toEqual(Buffer.from(PNG));
  await http.get(`${IMAGE}?cutoff=none`).expect(200);
  await http.get(IMAGE).expect(200);
  await http.get(`${IMAGE}?width=64&patient=true`).expect(200);
  await http.get(`${IMAGE}?mix=9&share=0.25`).expect(200);
  const asked = { patient: false, signal: expect.any(AbortSignal) };
  expect(backend.of('generators.image')).toEqual([
    ['portraits-256', 12, { psi: 0.7, cutoff: 4, class: 2, ...asked }],
    ['portraits-256', 12, { cutoff: null, ...asked }],
    ['portraits-256', 12, asked],
    ['portraits-256', 12, { ...asked, width: 64, patient: true }],
    ['portraits-256', 12, { ...asked, mix: 9, share: 0.25 }],
  ]);
  await http.get(`${TRUTH}?width=64`).expect(400);
  for (const wrong of ['mix=-1', 'mix=x', 'mix=9&share=1.5']) await http.get(`${IMAGE}?${wrong}`).expect(400);
  // What is between two pictures has no truth.
  await http.get(`${TRUTH}?mix=9`).expect(400);
});

test('who goes away before a picture is there no longer waits for it', async () => {
  const { app, backend } = harness();
  const { promise: asked, resolve } = Promise.withResolvers<AbortSignal>();
  backend.generators.image = (_name, _seed, { signal }) => {
    resolve(signal!);
    return new Promise(() => undefined);
  };
  const server = app.listen(0);
  const { port } = server.address() as AddressInfo;
  const gone = new AbortController();
  const answer = fetch(`http://127.0.0.1:${port}${IMAGE}`, { signal: gone.signal });
  const signal = await asked;
  expect(signal.aborted).toBe(false);
  gone.abort();
  await expect(answer).rejects.toThrow();
  await expect.poll(() => signal.aborted).toBe(true);
  server.close();
});

test.each([IMAGE, TRUTH])('%s is for pages of every origin, and cached', async (path) => {
  const { http } = harness({ apiToken: 'a-token-of-16-chars' });
  const answer = await http.get(path).set('Origin', 'http://labels.example.org').expect(200);
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'public, max-age=86400',
    etag: expect.stringMatching(/^"/),
  });
  await http.get(path).set('If-None-Match', answer.headers.etag!).expect(304);
  const head = await http.head(path).expect(200);
  expect(head.headers).toMatchObject({ 'content-length': '4', 'access-control-allow-origin': '*' });
  const options = await http.options(path).set('Origin', 'http://labels.example.org').expect(204);
  expect(options.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  });
});

test('errors about pictures are readable by pages too, and not cached', async () => {
  const { http } = harness();
  const refused = await http.get(`${TRUTH}?psi=0.5`).expect(409);
  expect(refused.body.error).toEqual({ code: 'no-truth', message: 'Truth holds at psi 1 only.', fix: 'Leave psi out.' });
  expect(refused.headers['access-control-allow-origin']).toBe('*');
  expect(refused.headers['cache-control']).toBeUndefined();
  expect((await http.get('/api/generators/none/images/1.png').expect(404)).body.error.code).toBe('unknown-generator');
});

test('a prediction is private, asked for anew, and changes its ETag with the version', async () => {
  const { http, backend } = harness();
  const first = await http.get(PREDICTION).expect(200).expect('Content-Type', 'image/png');
  expect(first.headers['cache-control']).toBe('private, no-cache');
  expect(first.headers['access-control-allow-origin']).toBeUndefined();
  await http.get(PREDICTION).set('If-None-Match', first.headers.etag!).expect(304);
  backend.projects.prediction = async () => Uint8Array.of(1, 2, 3);
  await http.get(PREDICTION).set('If-None-Match', first.headers.etag!).expect(200);
});

test('what a named version sees at a named psi stays the same, and is kept for a day', async () => {
  const { http, backend } = harness();
  const asked = '?version=dg-000000000001&psi=0.7&cutoff=none&patient=true';
  const kept = { 'cache-control': 'private, max-age=86400' };
  expect((await http.get(`${PREDICTION}${asked}`).expect(200)).headers).toMatchObject(kept);
  const uncertainty = PREDICTION.replace('.png', '/uncertainty.png');
  expect((await http.get(`${uncertainty}${asked}`).expect(200)).headers).toMatchObject(kept);
  expect((await http.get(`${uncertainty}?version=dg-000000000001`).expect(200)).headers['cache-control']).toBe(
    'private, no-cache',
  );
  const options = { version: 'dg-000000000001', psi: 0.7, cutoff: null, patient: true, signal: expect.any(AbortSignal) };
  expect(backend.of('projects.prediction')).toEqual([['7', 12, options]]);
  expect(backend.of('projects.uncertainty')[0]).toEqual(['7', 12, options]);
});

test('a page of the pictures of a project', async () => {
  const { http, backend } = harness();
  const { body } = await http.get('/api/projects/7/pictures?of=seeds&start=100&limit=24').expect(200);
  expect(body).toMatchObject({ total: 1, pictures: [{ seed: 12, task: { id: 3 } }] });
  await http.get('/api/projects/7/pictures').expect(200);
  expect(backend.of('projects.pictures')).toEqual([
    ['7', { of: 'seeds', start: 100, limit: 24 }],
    ['7', {}],
  ]);
  const refused = await http.get('/api/projects/7/pictures?of=all').expect(400);
  expect(refused.body.error.message).toBe('of must be tasks or seeds; it is "all".');
});

test('keypoints of a prediction and of the truth, as JSON', async () => {
  const { http, backend } = harness();
  const predicted = await http.get('/api/projects/7/predictions/12.json').expect(200);
  expect(predicted.body).toMatchObject({ score: 0.8, keypoints: [{ name: 'eye-left', x: 100.5, spread: 0.3 }] });
  const truth = await http.get('/api/generators/portraits-256/truth/12.json?psi=1').expect(200);
  expect(truth.body).toMatchObject({ width: 256, keypoints: [{ name: 'eye-left', y: 90.25, visible: true }] });
  expect(backend.of('projects.predictionFigures')).toEqual([['7', 12, { patient: false, signal: expect.any(AbortSignal) }]]);
  expect(backend.of('generators.trueKeypoints')).toEqual([['portraits-256', 12, { psi: 1 }]]);
});
