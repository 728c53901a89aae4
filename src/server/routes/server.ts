import type { ServerBackend } from '../../api/backend.ts';
import { noParams } from '../../api/requests.ts';
import { type ApiRoute, jsonRoute } from '../api-route.ts';

export function serverRoutes(server: Pick<ServerBackend, 'health' | 'findings'>): ApiRoute[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/health',
      summary: 'What this server is, has and does: versions, engine, memory, disk, jobs, workers.',
      params: noParams,
      answer: 'Health',
      errors: [],
      run: () => server.health(),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/health/findings',
      summary: 'What datasetgan doctor finds, with what fixes it. It asks every Label Studio, which takes seconds.',
      params: noParams,
      answer: 'Findings',
      errors: [],
      run: ({ own, signal }) => server.findings(own, signal),
    }),
  ];
}
