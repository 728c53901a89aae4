import type { JobBackend } from '../../api/backend.ts';
import { job, jobsQuery, noParams } from '../../api/requests.ts';
import { type ApiRoute, jsonRoute } from '../api-route.ts';

export function jobRoutes(jobs: JobBackend): ApiRoute[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/jobs',
      summary: 'Jobs, newest first.',
      params: noParams,
      query: jobsQuery,
      answer: 'Jobs',
      errors: [],
      run: ({ query: { housekeeping, ...filter } }) => jobs.list({ ...filter, housekeeping: housekeeping !== 'false' }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/live',
      summary: 'What runs or waits, and whether anything else has changed. /api/events tells the same as it happens.',
      params: noParams,
      answer: 'Live',
      errors: [],
      run: () => jobs.live(),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/jobs/{id}',
      summary: 'State and progress of a job.',
      params: job,
      answer: 'Job',
      errors: ['unknown-job'],
      run: ({ params }) => jobs.get(params.id),
    }),
    jsonRoute({
      method: 'delete',
      path: '/api/jobs/{id}',
      summary: 'Cancel a job. What it has delivered is kept.',
      params: job,
      answer: 'Job',
      errors: ['unknown-job'],
      run: ({ params }) => jobs.cancel(params.id),
    }),
  ];
}
