import type { DatasetDetail, Job } from '../api/answers.ts';
import { OWN_COMMAND } from '../own-command.ts';
import { readSettings } from '../settings.ts';
import { describeJob } from './describe-job.ts';
import { followOrder } from './follow-dataset.ts';
import { following } from './following.ts';
import { localClient } from './local-client.ts';
import { Progress } from './progress.ts';
import { INTERRUPTED } from './stop-signal.ts';

/** `datasetgan seed | train | synthesize PROJECT …`: asks the running server, shows the job's progress, prints the result as JSON. */

export interface SeedOptions {
  readonly count: number;
  /** First seed. */
  readonly start?: number;
  readonly classes?: number | readonly number[] | 'all';
  /** Seeds to choose from. */
  readonly candidates?: number;
}

/** The fields of an order; the server checks what each may be. */
export interface SynthesizeOptions extends SeedOptions {
  readonly title?: string;
  readonly version?: string;
  readonly filter?: number;
  readonly psi?: number;
  readonly cutoff?: number | 'none';
  readonly rules?: unknown;
  readonly ignoreAbove?: number;
  readonly formats?: readonly string[];
  readonly destination?: number | string;
  readonly push?: string;
  readonly regions?: string;
}

export function seedCommand(project: string, options: SeedOptions): Promise<number> {
  return runJob(`${pathOf(project)}/seed`, bodyOf(options));
}

export function trainCommand(project: string): Promise<number> {
  return runJob(`${pathOf(project)}/train`, {});
}

export async function synthesizeCommand(project: string, options: SynthesizeOptions): Promise<number> {
  const api = localClient(readSettings(process.env));
  const { dataset } = await api.post<Job>(`${pathOf(project)}/datasets`, bodyOf(options));
  const made = await followOrder(api, await api.get<DatasetDetail>(`/api/datasets/${dataset}`));
  if (made === undefined) return INTERRUPTED;
  process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
  return 0;
}

const pathOf = (project: string) => `/api/projects/${encodeURIComponent(project)}`;

/** The options as the server's fields. */
export function bodyOf({ start, ...fields }: SeedOptions): object {
  return { ...fields, ...(start === undefined ? {} : { seedStart: start }) };
}

async function runJob(path: string, body: object): Promise<number> {
  const api = localClient(readSettings(process.env));
  const line = new Progress();
  const started = await api.post<Job>(path, body);
  const { kind, id } = started;
  const goesOn = `The ${kind} job continues in the server.\n→ ${OWN_COMMAND} job show ${id} shows its progress; ${OWN_COMMAND} job cancel ${id} stops it.`;
  const job = await following(goesOn, (signal) =>
    api.finish(started, (now) => line.show(describeJob(now)), signal).finally(() => line.end()),
  );
  if (job === undefined) return INTERRUPTED;
  process.stdout.write(`${JSON.stringify(job.result, null, 2)}\n`);
  return 0;
}
