import { z } from 'zod';
import { FORMAT_NAMES } from '../../export/format-names.ts';
import { texts, whole } from './fields.ts';
import { JOB_STATES, job } from './job.ts';

const destination = z.union([z.enum(['new', 'files']), whole]);

export const dataset = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum([...JOB_STATES, 'paused']),
  asked: whole,
  delivered: whole,
  candidates: whole,
  dropped: whole,
  known: whole.describe('Delivered pictures that earlier datasets of the project delivered as well.'),
  filter: z.number(),
  generator: z.string(),
  version: z.string(),
  parts: z
    .array(
      z.object({
        asked: whole,
        seedStart: whole,
        lastSeed: whole.nullable().describe('Seed of the last candidate; null until all candidates are made.'),
        delivered: whole.nullable(),
      }),
    )
    .readonly()
    .describe('The first order and each extension.'),
  job: job.nullable().describe('The current or next job of the dataset; null if there is none.'),
  bytes: whole.describe('Size of the stored pairs.'),
  bytesToCome: whole.describe(
    'Estimated bytes that the dataset still needs, from the size of its first pairs; 0 when it is complete.',
  ),
  folder: z.string(),
  destination,
  formats: z.array(z.enum(FORMAT_NAMES)).readonly(),
  projectId: whole.nullable(),
  url: z.string().nullable().describe('Address of the result in Label Studio.'),
  download: z
    .string()
    .nullable()
    .describe(
      'Link to a zip of the files; browsers need no token for it. null until the files exist and the address of this server is known.',
    ),
  reasons: texts,
});
