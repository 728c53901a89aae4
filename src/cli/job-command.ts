import type { Job } from '../api/answers.ts';
import { readSettings } from '../settings.ts';
import { localClient } from './local-client.ts';

/** `datasetgan job show | cancel ID`: asks the running server, prints the job as JSON. */
export async function jobCommand(id: string, action: 'show' | 'cancel'): Promise<number> {
  const api = localClient(readSettings(process.env));
  const path = `/api/jobs/${encodeURIComponent(id)}`;
  const job = action === 'show' ? await api.get<Job>(path) : await api.delete<Job>(path);
  process.stdout.write(`${JSON.stringify(job, null, 2)}\n`);
  return 0;
}
