import type { Job } from '../api/answers.ts';
import { DatasetGanError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import { readSettings } from '../settings.ts';
import type { ApiClient } from './api-client.ts';
import { parseArguments } from './arguments.ts';
import { localClient } from './local-client.ts';

const ACTIONS: Readonly<Record<string, (api: ApiClient, path: string) => Promise<Job>>> = {
  show: (api, path) => api.get(path),
  cancel: (api, path) => api.delete(path),
};

/** `datasetgan job show | cancel ID`: asks the running server, prints the job as JSON. */
export async function jobCommand([action = '', ...args]: readonly string[]): Promise<number> {
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (run === undefined) {
    const message = `There is no datasetgan job ${action}.${didYouMean(action, Object.keys(ACTIONS))}`;
    throw new DatasetGanError('bad-request', message, { fix: 'Use: datasetgan job show ID, or datasetgan job cancel ID.' });
  }
  const { first } = parseArguments(args, 'id of a job', []);
  const job = await run(localClient(readSettings(process.env)), `/api/jobs/${encodeURIComponent(first)}`);
  process.stdout.write(`${JSON.stringify(job, null, 2)}\n`);
  return 0;
}
