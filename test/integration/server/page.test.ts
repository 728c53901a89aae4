import { expect, test } from 'vitest';
import { harness } from './harness.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test('a browser gets the page, programs and Label Studio the health check', async () => {
  const { http } = harness();
  const page = await http
    .get('/')
    .set('Accept', BROWSER)
    .expect(200)
    .expect('Content-Type', /text\/html/)
    .expect('Vary', /Accept/);
  expect(page.text).toContain('<div id="page">');
  for (const accept of ['*/*', 'application/json', 'application/json, text/plain, */*']) {
    const { body } = await http.get('/').set('Accept', accept).expect(200);
    expect(body).toEqual({ status: 'UP', model_class: 'DatasetGan' });
  }
});

test('the page needs no password of Label Studio, and is not shown under a foreign name', async () => {
  const { http } = harness({ settings: { basicAuth: { user: 'ls', pass: 'secret' } } });
  await http.get('/').set('Accept', BROWSER).expect(200);
  await http.get('/').set('Accept', 'application/json').expect(401);
  const { body } = await http.get('/').set('Accept', BROWSER).set('Host', 'evil.example').expect(403);
  expect(body.error.code).toBe('forbidden-host');
});

test('its policy allows nothing but files of this server, and the import map by its hash', async () => {
  const { http } = harness();
  const { text, headers } = await http.get('/').set('Accept', BROWSER);
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'none'/);
  expect(policy).not.toContain('unsafe');
  const scripts = [...text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
  expect(scripts).toEqual([
    '<script type="importmap">',
    expect.stringMatching(/^<script type="module" src="\/dashboard\/main\.[jt]s">$/),
  ]);
  const map = /<script type="importmap">(.*?)<\/script>/.exec(text)![1]!;
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(map))).toString('base64');
  expect(policy).toContain(`'sha256-${hash}'`);
});

test('every module that is imported somewhere is handed out as JavaScript, without types', async () => {
  const { http } = harness();
  const { text } = await http.get('/').set('Accept', BROWSER);
  const { imports } = JSON.parse(/<script type="importmap">(.*?)<\/script>/.exec(text)![1]!) as {
    imports: Record<string, string>;
  };
  const [waiting, seen] = [[/src="([^"]+)"/.exec(text)![1]!], new Set<string>()];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const { text: code } = await http
      .get(path)
      .expect(200)
      .expect('Content-Type', /text\/javascript/);
    expect(code).not.toMatch(/^import type|^export (?:interface|type) /m);
    for (const [, specifier] of code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"'\n]+)["']/g)) {
      const target = specifier!.startsWith('.') ? new URL(specifier!, `http://x${path}`).pathname : imports[specifier!];
      expect(target, `${specifier} of ${path}`).toBeDefined();
      waiting.push(target!);
    }
  }
  expect(seen.size).toBeGreaterThan(20);
  for (const [, href] of text.matchAll(/<link rel="stylesheet" href="([^"]+)">/g))
    await http
      .get(href!)
      .expect(200)
      .expect('Content-Type', /text\/css/);
});

test('a browser keeps what has not changed, and asks each time', async () => {
  const { http } = harness();
  const { headers } = await http.get('/dashboard/style/base.css').expect(200).expect('Cache-Control', 'no-cache');
  await http.get('/dashboard/style/base.css').set('If-None-Match', headers.etag!).expect(304);
});

test.each([
  '/dashboard/nothing.ts',
  '/dashboard/tsconfig.json',
  '/dashboard/..%2fmain.ts',
  '/dashboard/packages/express.js',
  '/dashboard/packages/..%2f..%2fpackage.json',
])('%s is not handed out', async (path) => {
  const { http } = harness();
  const { body } = await http.get(path).expect(404);
  expect(body.error).toMatchObject({ code: 'not-found', fix: 'Reload the page.' });
});
