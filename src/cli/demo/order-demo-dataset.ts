import type { DatasetDetail, Job, ProjectDetail } from '../../api/answers.ts';
import { type ErrorCode, isError } from '../../errors.ts';
import { getProject } from '../../label-studio/client/projects.ts';
import { followDataset } from '../follow-dataset.ts';
import type { DemoProject } from './demo-project.ts';
import type { DemoRecordFile } from './demo-record.ts';

/**
 * Orders a dataset by the REST API and waits for its project. What was ordered before is waited for, not ordered again, unless it failed, was
 * cancelled, or its project was deleted.
 */
export async function orderDemoDataset(
  project: DemoProject,
  record: DemoRecordFile,
  pairs: number,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<DatasetDetail> {
  const { api, path } = project;
  const earlier = await earlierOrder(project, record, pairs, signal);
  const started = performance.now();
  const order = { count: pairs, title: `DatasetGAN demo: ${pairs} pairs` };
  const job = earlier ?? (await api.post<Job>(`${path}/datasets`, order));
  await record.change({
    dataset: { pairs, job: job.id, seconds: earlier === undefined ? null : (record.now.dataset?.seconds ?? null) },
  });
  const made = await followDataset(api, await api.get<DatasetDetail>(`/api/datasets/${job.dataset}`), tell, signal);
  if (earlier === undefined)
    await record.change({ dataset: { pairs, job: job.id, seconds: (performance.now() - started) / 1000 } });
  return made;
}

/** The order of the record, or one that was placed the moment before the demo was stopped; undefined when there is none, or nothing came of it. */
async function earlierOrder(
  project: DemoProject,
  record: DemoRecordFile,
  pairs: number,
  signal: AbortSignal,
): Promise<Job | undefined> {
  const { api, path } = project;
  const known = record.now.dataset;
  if (known === null) {
    const { jobs } = await api.get<ProjectDetail>(path);
    return jobs.find((job) => job.kind === 'synthesize' && isOpen(job));
  }
  if (known.pairs !== pairs) return undefined;
  const job = await api.get<Job>(`/api/jobs/${known.job}`).catch(unlessCode('unknown-job'));
  if (job === undefined || isOpen(job)) return job;
  const dataset = await api.get<DatasetDetail>(`/api/datasets/${job.dataset}`).catch(unlessCode('unknown-dataset'));
  if (dataset === undefined || isOpen(dataset)) return dataset && job;
  if (dataset.state !== 'completed') return undefined;
  const found = await getProject(project.connection, Number(dataset.projectId), signal).catch(unlessCode('label-studio-gone'));
  return found && job;
}

const isOpen = ({ state }: Pick<DatasetDetail, 'state'>) => state === 'queued' || state === 'running';

const unlessCode = (code: ErrorCode) => (thrown: unknown) => {
  if (isError(thrown, code)) return undefined;
  throw thrown;
};
