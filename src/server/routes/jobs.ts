import type { Backend } from '../../api/backend.ts';
import { job } from '../../api/requests.ts';
import { type ApiRoute, jsonRoute } from '../api-route.ts';

export function jobRoutes(backend: Backend): ApiRoute[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/jobs/{id}',
      summary: 'State and progress of a job.',
      params: job,
      answer: 'Job',
      errors: ['unknown-job'],
      run: ({ params }) => backend.job(params.id),
    }),
    jsonRoute({
      method: 'delete',
      path: '/api/jobs/{id}',
      summary: 'Cancel a job. What it has delivered is kept.',
      params: job,
      answer: 'Job',
      errors: ['unknown-job'],
      run: ({ params }) => backend.cancel(params.id),
    }),
  ];
}
