import type { DatasetDetail, Job } from '../../src/api/answers.ts';
import { parseTaskMeta } from '../../src/label-studio/annotations/task-meta.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import type { OurServer } from './our-server.ts';
import { until } from './until.ts';

/** Orders by REST and gives the dataset's id. */
export async function orderByRest(server: OurServer, project: number, order: object): Promise<string> {
  return (await server.api<Job>('POST', `/api/projects/${project}/datasets`, order)).dataset!;
}

export const dataset = (server: OurServer, id: string): Promise<DatasetDetail> => server.api('GET', `/api/datasets/${id}`);

export function completedDataset(server: OurServer, id: string): Promise<DatasetDetail> {
  return until(
    'the dataset is complete',
    async () => {
      const seen = await dataset(server, id);
      if (seen.state === 'failed' || seen.state === 'cancelled') throw new Error(`The dataset ended: ${JSON.stringify(seen)}`);
      return seen.state === 'completed' && seen;
    },
    { show: () => dataset(server, id) },
  );
}

/** Seeds of a project's tasks, one for each task, ascending: a seed that stands there twice was pushed twice. */
export async function seedsOfTasks(connection: Connection, project: number): Promise<number[]> {
  const tasks = await Array.fromAsync(listTasks(connection, project, { fields: ['meta'] }));
  return tasks.map(({ meta }) => parseTaskMeta(meta)!.seed).sort((a, b) => a - b);
}
