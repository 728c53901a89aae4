import type { Job } from '../api/answers.ts';

/** `train  training  120/300  140/s  2 s left` */
export function describeJob(job: Job): string {
  const parts: string[] = [job.kind];
  if (job.phase != null) parts.push(job.phase);
  if (job.total > 0) parts.push(`${job.done}/${job.total}`);
  else parts.push(job.state);
  if (job.rate !== null) parts.push(`${job.rate < 10 ? job.rate.toFixed(1) : Math.round(job.rate)}/s`);
  if (job.eta !== null) parts.push(`${Math.ceil(job.eta)} s left`);
  return parts.join('  ');
}
