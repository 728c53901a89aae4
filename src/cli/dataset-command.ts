import type { DatasetDetail } from '../api/answers.ts';
import { DatasetGanError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import { readSettings } from '../settings.ts';
import type { ApiClient } from './api-client.ts';
import { parseArguments, requiredNumber, type Values } from './arguments.ts';
import { followOrder } from './follow-dataset.ts';
import { localClient } from './local-client.ts';
import { INTERRUPTED } from './stop-signal.ts';

/** What is done with one dataset, and which options it takes. */
interface Action {
  readonly options?: readonly string[];
  readonly flags?: readonly string[];
  run(api: ApiClient, path: string, values: Values): Promise<DatasetDetail | undefined>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  show: { run: (api, path) => api.get(path) },
  pause: { run: (api, path) => api.post(`${path}/pause`) },
  cancel: { run: (api, path) => api.post(`${path}/cancel`) },
  resume: { run: async (api, path) => followOrder(api, await api.post(`${path}/resume`)) },
  extend: {
    options: ['count'],
    run: async (api, path, values) =>
      followOrder(api, await api.post(`${path}/extend`, { count: requiredNumber(values, 'count') })),
  },
  delete: {
    flags: ['with-project'],
    run: (api, path, values) => api.delete(`${path}?project=${values['with-project'] ?? 'false'}`),
  },
};

/** `datasetgan dataset list | show | pause | resume | cancel | extend | delete`: asks the running server, prints the dataset as JSON. */
export async function datasetCommand([action = 'list', ...args]: readonly string[]): Promise<number> {
  const api = localClient(readSettings(process.env));
  if (action === 'list') {
    for (const dataset of await api.get<DatasetDetail[]>(`/api/datasets${ofProject(args)}`))
      process.stdout.write(`${describeDataset(dataset)}\n`);
    return 0;
  }
  const found = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (found === undefined)
    throw new DatasetGanError(
      'bad-request',
      `There is no datasetgan dataset ${action}.${didYouMean(action, ['list', ...Object.keys(ACTIONS)])}`,
      {
        fix: `Use list, ${Object.keys(ACTIONS).join(', ')}.`,
      },
    );
  const { first, values } = parseArguments(args, 'id of a dataset', found.options ?? [], found.flags);
  const dataset = await found.run(api, `/api/datasets/${encodeURIComponent(first)}`, values);
  if (dataset === undefined) return INTERRUPTED;
  process.stdout.write(`${JSON.stringify(dataset, null, 2)}\n`);
  return 0;
}

/** `ID  running  120 of 1,000  Title` */
function describeDataset({ id, state, delivered, asked, title, job, bytes }: DatasetDetail): string {
  const made = job?.kind === 'synthesize' ? `${job.done} of ${job.total} made` : `${delivered} of ${asked}`;
  return [id, state.padEnd(9), made.padEnd(20), `${Math.ceil(bytes / 1e6)} MB`, title].join('  ');
}

function ofProject(args: readonly string[]): string {
  if (args.length === 0) return '';
  return `?project=${encodeURIComponent(parseArguments(args, 'project', []).first)}`;
}
