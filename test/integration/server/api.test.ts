import { expect, test } from 'vitest';
import { ANSWERS } from '../../../src/api/answers.ts';
import { harness } from './harness.ts';
import { DATASET, ESTIMATE, GENERATOR, PNG, PROJECT } from './recording-backend.ts';

test('GET routes answer with generators, projects, a dataset and a job', async () => {
  const { http } = harness();
  expect((await http.get('/api/generators').expect(200)).body).toEqual([GENERATOR]);
  expect((await http.get('/api/projects').expect(200)).body).toEqual([PROJECT]);
  expect((await http.get('/api/projects/7').expect(200)).body).toEqual(PROJECT);
  expect((await http.get('/api/datasets/d1').expect(200)).body).toEqual(DATASET);
  expect((await http.get('/api/jobs/j1').expect(200)).body).toMatchObject({ id: 'j1', kind: 'train', state: 'running' });
});

test('the described answers are the given ones', async () => {
  const { http } = harness();
  ANSWERS.Generators.parse((await http.get('/api/generators')).body);
  ANSWERS.ProjectDetail.parse((await http.get('/api/projects/7')).body);
  ANSWERS.Dataset.parse((await http.get('/api/datasets/d1')).body);
  ANSWERS.Datasets.parse((await http.get('/api/datasets')).body);
  ANSWERS.OrderEstimate.parse((await http.post('/api/projects/7/datasets/estimate').send({ count: 50 })).body);
  ANSWERS.Job.parse((await http.delete('/api/jobs/j1')).body);
  ANSWERS.Error.parse((await http.get('/api/jobs/none')).body);
});

test('generators are imported, renamed and removed', async () => {
  const { http, backend } = harness();
  const options = { file: '/weights/cats.pkl', name: 'cats', rows: { from: 64, to: 448 }, labelSize: 512 };
  expect((await http.post('/api/generators').send(options).expect(202)).body).toMatchObject({ kind: 'import', state: 'queued' });
  expect(backend.of('generators.import')).toEqual([[options]]);
  await http.post('/api/generators').send({ name: 'cats' }).expect(400);
  await http
    .post('/api/generators')
    .send({ file: 'x', rows: [1, 2] })
    .expect(400);
  const renamed = await http.post('/api/generators/portraits-256/rename').send({ name: 'faces' }).expect(200);
  expect(renamed.body).toEqual({ ...GENERATOR, name: 'faces' });
  expect((await http.delete('/api/generators/portraits-256').expect(200)).body).toEqual(GENERATOR);
  await http.delete('/api/generators/none').expect(404);
});

test('orders are answered 202 with the job', async () => {
  const { http, backend } = harness();
  const seed = await http.post('/api/projects/7/seed').send({ count: 16, seedStart: 3 }).expect(202);
  expect(seed.body).toMatchObject({ id: 'j1', kind: 'seed', state: 'queued', total: 16 });
  await http.post('/api/projects/7/train').expect(202);
  await http.post('/api/projects/7/train').send({}).expect(202);
  const order = { count: 50, title: 'Faces', filter: 0.2, psi: 0.7, seedStart: 4_294_967_295 };
  await http.post('/api/projects/7/datasets').send(order).expect(202);
  await http.post('/api/projects/7/datasets').send({ count: 1, filter: 0 }).expect(202);
  expect(backend.of('projects.seed')).toEqual([['7', { count: 16, seedStart: 3 }]]);
  expect(backend.of('projects.train')).toEqual([['7'], ['7']]);
  expect(backend.of('datasets.order')).toEqual([
    ['7', order],
    ['7', { count: 1, filter: 0 }],
  ]);
});

test('an order is estimated before it is sent, and by the same limits', async () => {
  const { http, backend } = harness();
  const order = { count: 50, rules: { present: ['hair'] } };
  expect((await http.post('/api/projects/7/datasets/estimate').send(order).expect(200)).body).toEqual(ESTIMATE);
  const wrong = await http.post('/api/projects/7/datasets/estimate').send({ count: 0 }).expect(400);
  expect(wrong.body.error.message).toContain('count must be a whole number from 1 to 10000000; it is 0.');
  await http.post('/api/projects/8/datasets/estimate').send(order).expect(404);
  expect(backend.of('datasets.estimate')).toEqual([
    ['7', order],
    ['8', order],
  ]);
  expect(backend.of('datasets.order')).toEqual([]);
});

test('datasets are listed, stopped, resumed, extended and deleted', async () => {
  const { http, backend } = harness();
  expect((await http.get('/api/datasets?project=7&limit=5').expect(200)).body).toEqual([DATASET]);
  await http.get('/api/datasets').expect(200);
  const page = await http.get('/api/datasets?state=paused&limit=25&offset=9975').expect(200);
  expect([page.headers['x-total-count'], page.body]).toEqual(['10000', [DATASET]]);
  const wrongState = await http.get('/api/datasets?state=done').expect(400);
  expect(wrongState.body.error.message).toContain('state must be one of queued, running, completed, failed, cancelled, paused');
  await http.get('/api/datasets?offset=-1').expect(400);
  expect((await http.post('/api/datasets/d1/pause').expect(200)).body).toMatchObject({ id: 'd1', state: 'paused' });
  expect((await http.post('/api/datasets/d1/cancel').send({}).expect(200)).body).toMatchObject({ state: 'cancelled' });
  await http.post('/api/datasets/d1/resume').expect(202);
  await http.post('/api/datasets/d1/extend').send({ count: 1000 }).expect(202);
  const wrong = await http.post('/api/datasets/d1/extend').send({ count: 0 }).expect(400);
  expect(wrong.body.error.message).toContain('count must be a whole number from 1 to 10000000; it is 0.');
  await http.delete('/api/datasets/d1').expect(200);
  await http.delete('/api/datasets/d1?project=true').expect(200);
  await http.delete('/api/datasets/d1?project=maybe').expect(400);
  await http.delete('/api/datasets/none').expect(404);
  expect(backend.of('datasets.list')).toEqual([
    [{ project: '7', limit: 5 }],
    [{}],
    [{ state: 'paused', limit: 25, offset: 9975 }],
  ]);
  expect(backend.of('datasets.stop')).toEqual([
    ['d1', 'paused'],
    ['d1', 'cancelled'],
  ]);
  expect(backend.of('datasets.resume')).toEqual([['d1']]);
  expect(backend.of('datasets.extend')).toEqual([['d1', { count: 1000 }]]);
  expect(backend.of('datasets.remove').slice(0, 2)).toEqual([
    ['d1', { withProject: false }],
    ['d1', { withProject: true }],
  ]);
});

test('a dataset has a contact sheet', async () => {
  const { http } = harness();
  const answer = await http.get('/api/datasets/d1/preview.png').expect(200);
  expect([answer.headers['content-type'], Buffer.from(answer.body as Buffer)]).toEqual(['image/png', Buffer.from(PNG)]);
  await http.get('/api/datasets/none/preview.png').expect(404);
});

test('the report of a dataset is a page that fetches nothing', async () => {
  const { http } = harness();
  const answer = await http.get('/api/datasets/d1/report').expect(200);
  expect(answer.text).toContain('<title>Faces 50</title>');
  expect(answer.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'",
  });
  expect((await http.get('/api/datasets/none/report').expect(404)).body.error.code).toBe('unknown-dataset');
});

test('the files of a dataset come as an archive; what breaks off is cut off, not ended', async () => {
  const { http, backend } = harness();
  const answer = await http.get('/api/datasets/d1/export?format=coco,voc&validation=0.2').buffer(true).expect(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/x-tar',
    'content-disposition': 'attachment; filename=d1.tar',
  });
  expect(backend.of('datasets.archive')).toEqual([['d1', { format: 'coco,voc', validation: 0.2 }]]);
  const zip = await http.get('/api/datasets/d1/export?format=coco&archive=zip').buffer(true).expect(200);
  expect(zip.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': 'attachment; filename=d1.zip',
  });
  const rar = await http.get('/api/datasets/d1/export?format=coco&archive=rar').expect(400);
  expect(rar.body.error.message).toBe('archive must be tar or zip; it is "rar".');
  await http.head('/api/datasets/d1/export?format=broken').expect(200);
  await http.get('/api/datasets/none/export?format=coco').expect(404);
  await http.get('/api/datasets/d1/export?format=unknown').expect(400);
  const missing = await http.get('/api/datasets/d1/export').expect(400);
  expect(missing.body.error.message).toBe('format is missing: it must be given.');
  await expect(http.get('/api/datasets/d1/export?format=broken').buffer(true)).rejects.toThrow(/aborted|hang up/);
});

test('routes without a body: activate a version, create the orders project, cancel a job', async () => {
  const { http, backend } = harness();
  expect((await http.post('/api/projects/7/versions/dg-000000000001/activate').expect(200)).body).toEqual(PROJECT);
  expect((await http.post('/api/projects/7/orders').expect(200)).body).toEqual({
    project: 8,
    url: 'http://localhost:8080/projects/8/data',
  });
  expect((await http.delete('/api/jobs/j1').expect(200)).body).toMatchObject({ state: 'cancelled' });
  expect(backend.of('projects.activate')).toEqual([['7', 'dg-000000000001']]);
});

test('versions come in pages, and the figures of a project by a route of their own', async () => {
  const { http, backend } = harness();
  const page = await http.get('/api/projects/7/versions?limit=5&offset=10').expect(200);
  expect(ANSWERS.VersionPage.parse(page.body)).toEqual({ total: 1, versions: PROJECT.versions });
  await http.get('/api/projects/7/versions').expect(200);
  expect(backend.of('projects.versions')).toEqual([
    ['7', { limit: 5, offset: 10 }],
    ['7', {}],
  ]);
  const wrong = await http.get('/api/projects/7/versions?limit=0').expect(400);
  expect(wrong.body.error.message).toBe('limit must be a whole number from 1 to 1000; it is 0.');
  const figures = await http.get('/api/projects/7/figures').expect(200);
  expect(ANSWERS.ProjectFigures.parse(figures.body)).toMatchObject({ version: 'dg-000000000001', pictures: 2 });
  await http.get('/api/projects/8/figures').expect(404);
});

test('a project of one of several Label Studios is named by origin and id', async () => {
  const { http, backend } = harness();
  await http.get('/api/projects/http%3A%2F%2Flocalhost%3A8080%7C7').expect(200);
  expect(backend.of('projects.get')).toEqual([['http://localhost:8080|7']]);
});

test.each([
  ['seed', {}, 'count is missing: it must be a whole number from 1 to 100000.'],
  ['seed', { count: 0 }, 'count must be a whole number from 1 to 100000; it is 0.'],
  ['seed', { count: -1 }, 'count must be a whole number from 1 to 100000; it is -1.'],
  ['seed', { count: 1, candidates: 0 }, 'candidates must be a whole number from 1 to 10000; it is 0.'],
  ['datasets', { count: 0 }, 'count must be a whole number from 1 to 10000000; it is 0.'],
  ['datasets', { count: -1 }, 'count must be a whole number from 1 to 10000000; it is -1.'],
  ['datasets', { count: 1e12 }, 'count must be a whole number from 1 to 10000000; it is 1000000000000.'],
  ['datasets', { count: 1e300 }, 'count must be a whole number from 1 to 10000000; it is 1e+300.'],
  ['datasets', { count: 1.5 }, 'count must be a whole number from 1 to 10000000; it is 1.5.'],
  ['datasets', { count: 'abc' }, 'count must be a whole number from 1 to 10000000; it is "abc".'],
  ['datasets', { count: null }, 'count must be a whole number from 1 to 10000000; it is null.'],
  ['datasets', { count: 5, filter: 0.51 }, 'filter must be a number from 0 to 0.5; it is 0.51.'],
  ['datasets', { count: 5, filter: -0.1 }, 'filter must be a number from 0 to 0.5; it is -0.1.'],
  ['datasets', { count: 5, seedStart: 2 ** 32 }, 'seedStart must be a whole number from 0 to 4294967295; it is 4294967296.'],
  ['datasets', { count: 5, seedStart: -1 }, 'seedStart must be a whole number from 0 to 4294967295; it is -1.'],
  ['datasets', { count: 5, title: 'x'.repeat(51) }, `title must have 3 to 50 characters; it is "${'x'.repeat(39)}….`],
  ['datasets', { count: 5, cont: 6 }, "unknown key 'cont'; did you mean 'count'?"],
  ['datasets', { count: 5, rules: { presnt: ['Hair'] } }, "rules: unknown key 'presnt'; did you mean 'present'?"],
  ['datasets', { count: 5, rules: { present: 'Hair' } }, 'rules.present must be a list of labels and keypoints; it is "Hair".'],
  [
    'datasets',
    { count: 5, rules: { areas: { Hair: 0.5 } } },
    'rules.areas.Hair must be two shares of the picture, minimum and maximum; it is 0.5.',
  ],
  ['datasets', { count: 5, rules: { areas: { Hair: [0, 2] } } }, 'rules.areas.Hair.1 must be a number from 0 to 1; it is 2.'],
  ['datasets', { count: 5, rules: { pieces: 0 } }, 'rules.pieces must be a whole number from 1 to 1000000; it is 0.'],
  ['datasets', { count: 5, ignoreAbove: -1 }, 'ignoreAbove must be a number from 0 to 3; it is -1.'],
  [
    'datasets',
    { count: 5, formats: ['coco', 'tiff'] },
    'formats.1 must be one of index-png, palette-png, voc, coco, coco-panoptic, coco-keypoints, yolo-seg, yolo-pose, deeplabcut, webdataset, imagefolder, parquet, label-studio; it is "tiff".',
  ],
  ['datasets', { count: 5, formats: 'coco' }, 'formats must be a list of formats; it is "coco".'],
  [
    'datasets',
    { count: 5, destination: 'there' },
    `destination must be 'new', 'files' or the number of a Label Studio project; it is "there".`,
  ],
  ['datasets', { count: 5, push: 'drafts' }, 'push must be one of predictions, annotations; it is "drafts".'],
  ['datasets', { count: 5, regions: 'boxes' }, 'regions must be one of brush, bitmask, polygons; it is "boxes".'],
  ['datasets', { count: 5, cutoff: 'all' }, `cutoff must be a whole number from 0 to 100, or 'none'; it is "all".`],
  [
    'datasets',
    { count: 0, filter: 2 },
    'count must be a whole number from 1 to 10000000; it is 0; filter must be a number from 0 to 0.5; it is 2.',
  ],
  ['datasets', [5], 'The body must be a JSON object.'],
  ['train', { now: true }, "unknown key 'now'; known: none."],
])('POST %s %j → %s', async (route, body, message) => {
  const { http, backend } = harness();
  const answer = await http.post(`/api/projects/7/${route}`).send(body).expect(400);
  expect(answer.body).toEqual({ error: { code: 'bad-request', message, fix: expect.stringContaining('openapi.json') } });
  expect(backend.calls).toEqual([]);
});

test.each([
  ['/api/generators/portraits-256/images/-1.png', 'seed must be a whole number from 0 to 4294967295; it is -1.'],
  ['/api/generators/portraits-256/images/4294967296.png', 'seed must be a whole number from 0 to 4294967295; it is 4294967296.'],
  ['/api/generators/portraits-256/images/abc.png', 'seed must be a whole number from 0 to 4294967295; it is "abc".'],
  ['/api/generators/portraits-256/images/1.png?psi=x', 'psi must be a number from 0 to 2; it is "x".'],
  ['/api/generators/portraits-256/images/1.png?psi=', 'psi must be a number from 0 to 2; it is "".'],
  ['/api/generators/portraits-256/images/1.png?psi=1&psi=2', 'psi must be a number from 0 to 2; it is ["1","2"].'],
  ['/api/generators/portraits-256/images/1.png?cutoff=x', `cutoff must be a whole number from 0 to 100, or 'none'; it is "x".`],
  ['/api/generators/portraits-256/truth/1.png?trunc=1', "unknown key 'trunc'; known: psi, cutoff, class."],
  ['/api/projects/7/predictions/1.5.png', 'seed must be a whole number from 0 to 4294967295; it is 1.5.'],
])('GET %s → %s', async (path, message) => {
  expect((await harness().http.get(path).expect(400)).body.error).toMatchObject({ code: 'bad-request', message });
});

test('only JSON bodies, and only as much as a request needs', async () => {
  const { http, backend } = harness();
  const post = () => http.post('/api/projects/7/datasets');
  expect((await post().type('form').send('count=5').expect(415)).body.error.code).toBe('unsupported-media-type');
  expect((await post().type('text/plain').send('{"count":5}').expect(415)).body.error.code).toBe('unsupported-media-type');
  expect((await post().type('json').send('{"count":').expect(400)).body.error.message).toBe('The body is not valid JSON.');
  expect((await post().type('json').set('Content-Encoding', 'gzip').send('x').expect(415)).body.error.fix).toContain(
    'uncompressed',
  );
  const long = await post()
    .send({ count: 5, title: 'x'.repeat(2 ** 20) })
    .expect(413);
  expect(long.body.error).toMatchObject({ code: 'body-too-large', message: 'The body is larger than 1 MiB.' });
  expect(backend.calls).toEqual([]);
});

test('errors have one shape and no stack', async () => {
  const { http, log } = harness();
  const unknown = await http.get('/api/nothing/here').expect(404);
  expect(unknown.body).toEqual({
    error: { code: 'not-found', message: 'Unknown route: GET /api/nothing/here.', fix: expect.any(String) },
  });
  expect((await http.get('/nothing').expect(404)).body.error.code).toBe('not-found');
  expect((await http.get('/api/projects/9').expect(404)).body.error).toEqual({
    code: 'unknown-project',
    message: 'No project 9.',
    fix: 'Connect it in Label Studio.',
  });
  expect((await http.get('/api/jobs/%E0%A4%A').expect(400)).body.error.code).toBe('bad-request');
  const broken = await http.get('/api/jobs/broken').set('X-Request-Id', 'r-17').expect(500);
  expect(broken.body.error).toEqual({
    code: 'internal',
    message: 'The server had an internal error.',
    fix: 'Its log has the details under request id r-17.',
  });
  expect(broken.headers['x-request-id']).toBe('r-17');
  const logged = log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { request: string; err?: { message: string; stack: string } });
  const line = logged.find(({ request, err }) => request === 'r-17' && err !== undefined);
  expect(line?.err?.message).toContain('x is undefined');
  expect(line?.err?.stack).toContain('recording-backend.ts');
});
