import type { Backend, ImageOptions } from '../../jobs/backend.ts';
import { type ApiRoute, jsonRoute, pngRoute } from '../api-route.ts';
import { generatorSeed, imageQuery, noParams } from '../requests.ts';

/** Pictures are fixed by their address as long as the generator of that name stays the same. */
const A_DAY = 'public, max-age=86400';

export function generatorRoutes(backend: Backend): ApiRoute[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/generators',
      summary: 'Generators that are installed.',
      params: noParams,
      answer: 'Generators',
      errors: [],
      run: () => backend.generators(),
    }),
    pngRoute({
      method: 'get',
      path: '/api/generators/{name}/images/{seed}.png',
      summary: 'One generated picture.',
      params: generatorSeed,
      query: imageQuery,
      errors: ['unknown-generator'],
      open: true,
      cacheControl: A_DAY,
      run: ({ params, query }) => backend.image(params.name, params.seed, imageOptions(query)),
    }),
    pngRoute({
      method: 'get',
      path: '/api/generators/{name}/truth/{seed}.png',
      summary: 'Index PNG of the exact parts of a picture; bundled generator at psi 1 only.',
      params: generatorSeed,
      query: imageQuery,
      errors: ['unknown-generator', 'no-truth'],
      open: true,
      cacheControl: A_DAY,
      run: ({ params, query }) => backend.truth(params.name, params.seed, imageOptions(query)),
    }),
  ];
}

interface ImageQuery {
  readonly psi?: number | undefined;
  readonly cutoff?: number | 'none' | undefined;
  readonly class?: number | undefined;
}

function imageOptions({ psi, cutoff, class: imageClass }: ImageQuery): ImageOptions {
  return {
    ...(psi === undefined ? {} : { psi }),
    ...(cutoff === undefined ? {} : { cutoff: cutoff === 'none' ? null : cutoff }),
    ...(imageClass === undefined ? {} : { class: imageClass }),
  };
}
