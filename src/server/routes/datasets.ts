import type { Backend } from '../../jobs/backend.ts';
import { type ApiRoute, jsonRoute } from '../api-route.ts';
import { dataset, project } from '../requests.ts';

export function datasetRoutes(backend: Backend): ApiRoute[] {
  return [
    jsonRoute({
      method: 'post',
      path: '/api/projects/{id}/datasets',
      summary: 'Synthesize images with masks by the current version and push them back as a new project.',
      params: project,
      body: 'DatasetOrder',
      answer: 'Job',
      status: 202,
      errors: ['unknown-project', 'ambiguous-project', 'no-version', 'unknown-version', 'bad-label-config', 'disk-full'],
      run: ({ params, body }) => backend.synthesize(params.id, body),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/datasets/{id}',
      summary: 'A dataset: what was asked, delivered and dropped, and where it is.',
      params: dataset,
      answer: 'Dataset',
      errors: ['unknown-dataset'],
      run: ({ params }) => backend.dataset(params.id),
    }),
  ];
}
