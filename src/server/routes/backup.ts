import type { ServerBackend } from '../../api/backend.ts';
import { noParams } from '../../api/requests.ts';
import { type ApiRoute, archiveRoute } from '../api-route.ts';

export function backupRoutes(server: Pick<ServerBackend, 'backup'>): ApiRoute[] {
  return [
    archiveRoute({
      method: 'get',
      path: '/api/backup',
      summary:
        'A backup of all state as one tar, for datasetgan restore. It contains secrets. Its last file is SHA256SUMS: without that file it is incomplete.',
      params: noParams,
      errors: ['wrong-state', 'disk-full'],
      run: async () => server.backup(),
    }),
  ];
}
