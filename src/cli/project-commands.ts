import { DatasetGanError } from '../errors.ts';
import type { DatasetDetail, Job } from '../jobs/backend.ts';
import { readSettings } from '../settings.ts';
import { numberOf, parseArguments, type Values } from './arguments.ts';
import { localClient } from './local-client.ts';
import { describeJob, ProgressLine } from './progress-line.ts';

/** `datasetgan seed | train | synthesize PROJECT …`: asks the running server, shows the job's progress, prints the result as JSON. */

export async function seedCommand(args: readonly string[]): Promise<number> {
  const { project, values } = parse(args, ['count', 'start']);
  const body = { count: required(values, 'count'), ...optional(values, 'start', 'seedStart') };
  return runJob(`/api/projects/${project}/seed`, body);
}

export async function trainCommand(args: readonly string[]): Promise<number> {
  const { project } = parse(args, []);
  return runJob(`/api/projects/${project}/train`, {});
}

export async function synthesizeCommand(args: readonly string[]): Promise<number> {
  const { project, values } = parse(args, ['count', 'title', 'filter', 'psi', 'classes', 'start']);
  const numbers = { ...optional(values, 'filter'), ...optional(values, 'psi'), ...optional(values, 'start', 'seedStart') };
  const body = {
    count: required(values, 'count'),
    ...numbers,
    ...(values.title === undefined ? {} : { title: values.title }),
    ...classesOf(values.classes),
  };
  return runJob(`/api/projects/${project}/datasets`, body);
}

async function runJob(path: string, body: object): Promise<number> {
  const api = localClient(readSettings(process.env));
  const line = new ProgressLine();
  const started = await api.post<Job>(path, body);
  let job = await api.finish(started, (now) => line.show(describeJob(now)));
  if (typeof job.result?.publish === 'string') {
    job = await api.finish(await api.get<Job>(`/api/jobs/${job.result.publish}`), (now) => line.show(describeJob(now)));
  }
  line.end();
  const result =
    typeof job.result?.dataset === 'string' ? await api.get<DatasetDetail>(`/api/datasets/${job.result.dataset}`) : job.result;
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return 0;
}

function parse(args: readonly string[], options: readonly string[]): { project: string; values: Values } {
  const { first, values } = parseArguments(args, 'project', options);
  return { project: encodeURIComponent(first), values };
}

/** The server checks ranges; here only what is no number at all. */
function required(values: Values, name: string): number {
  const value = numberOf(values, name);
  if (value !== undefined) return value;
  throw new DatasetGanError('bad-request', `--${name} is missing.`, { fix: 'See datasetgan help.' });
}

function optional(values: Values, name: string, key = name): Readonly<Record<string, number>> {
  const value = numberOf(values, name);
  return value === undefined ? {} : { [key]: value };
}

/** `3`, `0,4,7` or `all` */
function classesOf(text: string | undefined): { classes?: number | number[] | 'all' } {
  if (text === undefined) return {};
  if (text === 'all') return { classes: text };
  if (!/^\d{1,7}(?:,\d{1,7})*$/.test(text))
    throw new DatasetGanError('bad-request', `--classes ${text} is no class.`, {
      fix: 'Use a number, numbers with commas between them, or all.',
    });
  const numbers = text.split(',').map(Number);
  return { classes: numbers.length === 1 ? numbers[0]! : numbers };
}
