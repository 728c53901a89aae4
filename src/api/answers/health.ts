import { z } from 'zod';
import { whole } from './fields.ts';
import { JOB_KINDS, JOB_STATES } from './job.ts';

export const health = z.object({
  startedAt: z.string().describe('When this server started.'),
  versions: z.object({
    product: z.string(),
    node: z.string(),
    onnxRuntime: z.string(),
    database: z.string(),
    recipe: whole.describe('Number of the way in which versions are trained.'),
  }),
  engine: z.object({
    threads: whole.describe('Threads of each ONNX Runtime session.'),
    lanes: z.array(z.object({ name: z.string(), tasks: whole })).describe('Compute tasks that run or wait.'),
  }),
  memory: z.object({
    used: whole.describe('Bytes that the server process has in RAM.'),
    limit: whole.describe('MEMORY_LIMIT: bytes that all ONNX Runtime sessions together may need.'),
    machine: whole.describe('Bytes of RAM that the process may use.'),
  }),
  disk: z.object({ folder: z.string(), free: whole.describe('Bytes.') }).describe('The disk that holds DATA_DIR.'),
  uploadLimit: whole.describe('UPLOAD_LIMIT in bytes.'),
  jobs: z
    .array(z.object({ kind: z.enum(JOB_KINDS), state: z.enum(JOB_STATES), count: whole }))
    .describe('Number of recorded jobs by kind and state.'),
  workers: z
    .array(
      z.object({
        id: z.string(),
        machine: z.string().describe('Name of its machine.'),
        concurrency: whole.describe('Shards at a time.'),
        threads: whole,
        startedAt: z.string(),
        seenAt: z.string(),
      }),
    )
    .describe('Workers on other machines. One that is not heard of for a minute is left out.'),
});

export const findings = z.array(
  z.object({
    title: z.string(),
    labelStudio: z.string().nullable().describe('Version of the Label Studio that was looked at; null elsewhere.'),
    findings: z
      .array(
        z.object({
          level: z.enum(['ok', 'warn', 'fail']).describe('`warn` works, but not as it should; `fail` does not work.'),
          what: z.string(),
          fix: z.string().exactOptional(),
        }),
      )
      .readonly(),
  }),
);
