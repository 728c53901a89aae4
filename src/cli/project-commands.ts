import type { DatasetDetail, Job } from '../api/answers.ts';
import { readSettings } from '../settings.ts';
import { optionalNumber, parseArguments, requiredNumber, type Values } from './arguments.ts';
import { followOrder } from './follow-dataset.ts';
import { following } from './following.ts';
import { localClient } from './local-client.ts';
import { classesOf, ORDER_OPTIONS, orderBody } from './order-options.ts';
import { describeJob, ProgressLine } from './progress-line.ts';
import { INTERRUPTED } from './stop-signal.ts';

/** `datasetgan seed | train | synthesize PROJECT …`: asks the running server, shows the job's progress, prints the result as JSON. */

export async function seedCommand(args: readonly string[]): Promise<number> {
  const { project, values } = parse(args, ['count', 'start', 'classes']);
  const body = {
    count: requiredNumber(values, 'count'),
    ...optionalNumber(values, 'start', 'seedStart'),
    ...classesOf(values.classes),
  };
  return runJob(`/api/projects/${project}/seed`, body);
}

export async function trainCommand(args: readonly string[]): Promise<number> {
  const { project } = parse(args, []);
  return runJob(`/api/projects/${project}/train`, {});
}

export async function synthesizeCommand(args: readonly string[]): Promise<number> {
  const { project, values } = parse(args, ORDER_OPTIONS);
  const api = localClient(readSettings(process.env));
  const { dataset } = await api.post<Job>(`/api/projects/${project}/datasets`, orderBody(values));
  const made = await followOrder(api, await api.get<DatasetDetail>(`/api/datasets/${dataset}`));
  if (made === undefined) return INTERRUPTED;
  process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
  return 0;
}

async function runJob(path: string, body: object): Promise<number> {
  const api = localClient(readSettings(process.env));
  const line = new ProgressLine();
  const started = await api.post<Job>(path, body);
  const { kind, id } = started;
  const goesOn = `The ${kind} job goes on in the server.\n→ datasetgan job show ${id} tells how far it is; datasetgan job cancel ${id} stops it.`;
  const job = await following(goesOn, (signal) =>
    api.finish(started, (now) => line.show(describeJob(now)), signal).finally(() => line.end()),
  );
  if (job === undefined) return INTERRUPTED;
  process.stdout.write(`${JSON.stringify(job.result, null, 2)}\n`);
  return 0;
}

function parse(args: readonly string[], options: readonly string[]): { project: string; values: Values } {
  const { first, values } = parseArguments(args, 'project', options);
  return { project: encodeURIComponent(first), values };
}
