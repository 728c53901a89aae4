import type { GeneratorBackend } from '../../api/backend.ts';
import { generator, generatorSeed, imageQuery, noParams, truthQuery } from '../../api/requests.ts';
import { type ApiRoute, jsonRoute, pngRoute } from '../api-route.ts';
import { imageOptions } from '../image-options.ts';

/** Pictures are fixed by their address as long as the generator of that name stays the same. */
const A_DAY = 'public, max-age=86400';

export function generatorRoutes(generators: GeneratorBackend): ApiRoute[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/generators',
      summary: 'Installed generators.',
      params: noParams,
      answer: 'Generators',
      errors: [],
      run: () => generators.list(),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/generators',
      summary: "Import a StyleGAN checkpoint from the server's disk as a generator. The job's result is the import report.",
      params: noParams,
      body: 'GeneratorImport',
      answer: 'Job',
      status: 202,
      errors: ['disk-full'],
      run: ({ body }) => generators.import(body),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/generators/{name}/rename',
      summary: 'Rename an imported generator. Its pictures, versions and datasets are not affected.',
      params: generator,
      body: 'GeneratorName',
      answer: 'Generator',
      errors: ['unknown-generator'],
      run: ({ params, body }) => generators.rename(params.name, body.name),
    }),
    jsonRoute({
      method: 'delete',
      path: '/api/generators/{name}',
      summary: 'Remove an imported generator that no project uses.',
      params: generator,
      answer: 'Generator',
      errors: ['unknown-generator'],
      run: ({ params }) => generators.remove(params.name),
    }),
    pngRoute({
      method: 'get',
      path: '/api/generators/{name}/images/{seed}.png',
      summary: 'One generated picture.',
      params: generatorSeed,
      query: imageQuery,
      errors: ['unknown-generator'],
      open: 'all',
      cacheControl: A_DAY,
      run: ({ params, query: { width, patient, ...query }, signal }) =>
        generators.image(params.name, params.seed, { ...imageOptions(query), width, patient: patient === 'true', signal }),
    }),
    pngRoute({
      method: 'get',
      path: '/api/generators/{name}/truth/{seed}.png',
      summary: 'Index PNG of the exact parts of a picture. Only the bundled generator at psi 1 has it.',
      params: generatorSeed,
      query: truthQuery,
      errors: ['unknown-generator', 'no-truth'],
      open: 'all',
      cacheControl: A_DAY,
      run: ({ params, query }) => generators.truth(params.name, params.seed, imageOptions(query)),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/generators/{name}/truth/{seed}.json',
      summary: 'The exact keypoints of a picture. Only the bundled generator at psi 1 has them.',
      params: generatorSeed,
      query: truthQuery,
      answer: 'SeedTruth',
      errors: ['unknown-generator', 'no-truth'],
      run: ({ params, query }) => generators.trueKeypoints(params.name, params.seed, imageOptions(query)),
    }),
  ];
}
