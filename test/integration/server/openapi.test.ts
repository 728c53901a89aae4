import { expect, test } from 'vitest';
import { z } from 'zod';
import { harness } from './harness.ts';

const Document = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z.array(
          z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: z.looseObject({}) }),
        ),
        requestBody: z.looseObject({}).optional(),
        responses: z.record(z.string(), z.looseObject({})),
        security: z.array(z.looseObject({})),
      }),
    ),
  ),
  components: z.object({
    schemas: z.record(z.string(), z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() })),
  }),
});

async function fetched() {
  const { body } = await harness().http.get('/openapi.json').expect(200);
  return { text: JSON.stringify(body), document: Document.parse(body) };
}

/** The routes that others build on. */
const ROUTES = [
  'get /api/generators',
  'post /api/generators',
  'post /api/generators/upload',
  'get /api/generators/{name}',
  'get /api/generators/{name}/samples.png',
  'post /api/generators/{name}/rename',
  'delete /api/generators/{name}',
  'get /api/generators/{name}/images/{seed}.png',
  'get /api/generators/{name}/truth/{seed}.json',
  'get /api/generators/{name}/truth/{seed}.png',
  'get /api/projects',
  'get /api/projects/{id}',
  'get /api/projects/{id}/figures',
  'get /api/projects/{id}/versions',
  'post /api/projects/{id}/seed',
  'post /api/projects/{id}/train',
  'post /api/projects/{id}/versions/{version}/activate',
  'post /api/projects/{id}/orders',
  'get /api/projects/{id}/pictures',
  'get /api/projects/{id}/predictions/{seed}.json',
  'get /api/projects/{id}/predictions/{seed}/uncertainty.png',
  'get /api/projects/{id}/predictions/{seed}.png',
  'post /api/projects/{id}/datasets',
  'post /api/projects/{id}/datasets/estimate',
  'get /api/datasets',
  'get /api/datasets/{id}',
  'get /api/datasets/{id}/export',
  'get /api/datasets/{id}/preview.png',
  'get /api/datasets/{id}/report',
  'delete /api/datasets/{id}',
  'post /api/datasets/{id}/pause',
  'post /api/datasets/{id}/cancel',
  'post /api/datasets/{id}/resume',
  'post /api/datasets/{id}/extend',
  'get /api/health',
  'get /api/health/findings',
  'get /api/backup',
  'get /api/events',
  'get /api/live',
  'get /api/session',
  'post /api/session',
  'delete /api/session',
  'get /api/jobs',
  'get /api/jobs/{id}',
  'delete /api/jobs/{id}',
];

/** Its answer ends with the server; events.test.ts reads it. */
const ENDLESS = '/api/events';

test('/openapi.json lists exactly the routes of the server', async () => {
  const { document } = await fetched();
  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(listed.sort()).toEqual([...ROUTES].sort());
});

test('every listed route is there, every parameter of a path is described', async () => {
  const { http } = harness();
  const { document } = await fetched();
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { parameters, responses }] of Object.entries(methods)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named);
      const example = path
        .replace('{seed}', '1')
        .replace('{name}', 'portraits-256')
        .replace('{version}', 'dg-1')
        .replace('{id}', '7');
      expect(Object.keys(responses)).toContain('400');
      if (path === ENDLESS) continue;
      const { body } = await http[method as 'get'](example);
      expect((body as { error?: { code: string } }).error?.code).not.toBe('not-found');
    }
});

test('limits in the document are the limits of the check', async () => {
  const { document } = await fetched();
  expect(document.components.schemas.DatasetOrder).toMatchObject({
    type: 'object',
    required: ['count'],
    additionalProperties: false,
    properties: {
      count: { type: 'integer', minimum: 1, maximum: 10_000_000 },
      filter: { type: 'number', minimum: 0, maximum: 0.5 },
      seedStart: { type: 'integer', minimum: 0, maximum: 4_294_967_295 },
      title: { type: 'string', minLength: 3, maxLength: 50 },
    },
  });
  const image = document.paths['/api/generators/{name}/images/{seed}.png']!.get!;
  expect(image.parameters.map(({ name, in: place, required }) => `${place} ${name} ${required}`)).toEqual([
    'path name true',
    'path seed true',
    'query psi false',
    'query cutoff false',
    'query class false',
    'query width false',
    'query patient false',
    'query mix false',
    'query share false',
  ]);
  expect(image.security).toEqual([]);
  expect(document.paths['/api/projects']!.get!.security).toEqual([{ bearer: [] }, { header: [] }, { session: [] }]);
  expect(document.paths['/api/datasets']!.get!.responses['200']!.headers).toMatchObject({
    'X-Total-Count': { schema: { type: 'integer' } },
  });
});

test('every reference in /openapi.json leads to a schema', async () => {
  const { text, document } = await fetched();
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references)
    expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
});
