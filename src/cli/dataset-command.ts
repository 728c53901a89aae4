import type { DatasetDetail } from '../api/answers.ts';
import { readSettings } from '../settings.ts';
import type { ApiClient } from './api-client.ts';
import { followOrder } from './follow-dataset.ts';
import { localClient } from './local-client.ts';
import { INTERRUPTED } from './stop-signal.ts';

/** `datasetgan dataset …`: asks the running server, prints the dataset as JSON, the list as lines. */

/** @param project those of one labelling project only */
export async function listDatasets(project?: string): Promise<number> {
  const query = project === undefined ? '' : `?project=${encodeURIComponent(project)}`;
  for (const dataset of await client().get<DatasetDetail[]>(`/api/datasets${query}`))
    process.stdout.write(`${describeDataset(dataset)}\n`);
  return 0;
}

export async function changeDataset(id: string, action: 'show' | 'pause' | 'cancel' | 'resume'): Promise<number> {
  const api = client();
  const path = pathOf(id);
  if (action === 'show') return print(await api.get(path));
  const dataset = await api.post<DatasetDetail>(`${path}/${action}`);
  return action === 'resume' ? follow(api, dataset) : print(dataset);
}

export async function extendDataset(id: string, count: number): Promise<number> {
  const api = client();
  return follow(api, await api.post(`${pathOf(id)}/extend`, { count }));
}

export async function deleteDataset(id: string, withProject: boolean): Promise<number> {
  return print(await client().delete(`${pathOf(id)}?project=${withProject}`));
}

const client = () => localClient(readSettings(process.env));
const pathOf = (id: string) => `/api/datasets/${encodeURIComponent(id)}`;

async function follow(api: ApiClient, started: DatasetDetail): Promise<number> {
  const dataset = await followOrder(api, started);
  return dataset === undefined ? INTERRUPTED : print(dataset);
}

function print(dataset: DatasetDetail): number {
  process.stdout.write(`${JSON.stringify(dataset, null, 2)}\n`);
  return 0;
}

/** `ID  running  120 of 1,000  Title` */
function describeDataset({ id, state, delivered, asked, title, job, bytes }: DatasetDetail): string {
  const made = job?.kind === 'synthesize' ? `${job.done} of ${job.total} made` : `${delivered} of ${asked}`;
  return [id, state.padEnd(9), made.padEnd(20), `${Math.ceil(bytes / 1e6)} MB`, title].join('  ');
}
