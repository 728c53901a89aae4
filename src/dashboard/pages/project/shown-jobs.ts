import type { Job, ProjectDetail } from '../../../api/answers.ts';

/** Jobs of one project among all that run or wait. */
export function jobsOf(jobs: readonly Job[], { id, host }: Pick<ProjectDetail, 'id' | 'host'>): readonly Job[] {
  return jobs.filter(({ project }) => project?.id === id && project.host === host);
}

/** Of each kind the last ended job, if it failed. @param jobs newest first */
export function failedJobs(jobs: readonly Job[]): readonly Job[] {
  const last = new Map<Job['kind'], Job>();
  for (const job of jobs) if (ENDED.includes(job.state) && !last.has(job.kind)) last.set(job.kind, job);
  return [...last.values()].filter(({ state }) => state === 'failed');
}

const ENDED: readonly Job['state'][] = ['completed', 'failed', 'cancelled'];
