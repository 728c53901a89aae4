import type { GeneratorBackend } from '../../api/backend.ts';
import { generator, generatorSeed, generatorUpload, imageQuery, noParams, truthQuery } from '../../api/requests.ts';
import { type ApiRoute, jsonRoute, pngRoute, uploadRoute } from '../api-route.ts';
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
    uploadRoute({
      method: 'post',
      path: '/api/generators/upload',
      summary: 'The same for a checkpoint that is the body of the request. The job begins when all of it has arrived.',
      params: noParams,
      query: generatorUpload,
      answer: 'Job',
      errors: ['disk-full'],
      run: ({ query }, upload) => generators.upload(query, upload),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/generators/{name}',
      summary: 'A generator: who uses it, and the report of its import.',
      params: generator,
      answer: 'GeneratorDetail',
      errors: ['unknown-generator'],
      run: ({ params }) => generators.get(params.name),
    }),
    pngRoute({
      method: 'get',
      path: '/api/generators/{name}/samples.png',
      summary: 'Eight pictures of a generator on one sheet.',
      params: generator,
      errors: ['unknown-generator'],
      open: 'all',
      cacheControl: A_DAY,
      run: ({ params, signal }) => generators.samples(params.name, signal),
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
      summary: 'One generated picture. With a second seed, a mixture of both: for looking only, since no seed makes it.',
      params: generatorSeed,
      query: imageQuery,
      errors: ['unknown-generator'],
      open: 'all',
      cacheControl: A_DAY,
      run: ({ params, query: { psi, cutoff, class: imageClass, patient, ...query }, signal }) =>
        generators.image(params.name, params.seed, {
          ...query,
          ...imageOptions({ psi, cutoff, class: imageClass }),
          patient: patient === 'true',
          signal,
        }),
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
