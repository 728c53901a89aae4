import { z } from 'zod';
import { problem } from './error.ts';
import { whole } from './fields.ts';

/** What jobs there are; src/jobs/queue/job-kinds.ts has the input of each. */
export const JOB_KINDS = [
  'seed',
  'read',
  'import',
  'train',
  'refresh',
  'validate',
  'synthesize',
  'shard',
  'publish',
  'export',
  'describe',
  'orders',
  'connect',
  'reconcile',
] as const;

export const JOB_STATES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;

export const job = z.object({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  dataset: z.string().exactOptional().describe('Id of the dataset that the job works on.'),
  project: z
    .object({ id: whole, host: z.string() })
    .exactOptional()
    .describe('The Label Studio project that the job works for: its number and the origin of its Label Studio.'),
  file: z.string().exactOptional().describe('Of an import: the name of the checkpoint, without its folder.'),
  state: z.enum(JOB_STATES),
  done: whole,
  total: whole,
  rate: z.number().nullable().describe('Items per second over the last minute; null before the first item.'),
  eta: z.number().nullable().describe('Seconds left; null when unknown.'),
  phase: z
    .string()
    .nullable()
    .describe(
      'What the job is doing, such as sampling or training; null if it does one thing. `done` and `total` count within the phase.',
    ),
  error: z.object({ code: z.string(), ...problem }).exactOptional(),
  result: z.record(z.string(), z.unknown()).readonly().exactOptional(),
});

export const live = z.object({
  jobs: z
    .array(job)
    .readonly()
    .describe('Jobs that run or wait, without housekeeping and the shards of orders; the newest first.'),
  revision: z.string().describe('Another text whenever a project, a version or a dataset has changed.'),
});
