import { z } from 'zod';
import { FORMAT_NAMES } from '../../export/format-names.ts';
import { PUSHED_AS, REGION_FORMS } from '../dataset-options.ts';
import { texts, whole } from './fields.ts';
import { JOB_STATES, job } from './job.ts';

/** Also what a list of datasets can be narrowed to. */
export const DATASET_STATES = [...JOB_STATES, 'paused'] as const;

const formats = z.array(z.enum(FORMAT_NAMES)).readonly();
const destination = z.union([z.enum(['new', 'files']), whole]);

export const dataset = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(DATASET_STATES),
  project: z
    .object({ id: whole, host: z.string(), title: z.string() })
    .describe('The labelling project that it was ordered from.'),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  asked: whole,
  delivered: whole,
  candidates: whole,
  dropped: whole,
  known: whole.describe('Delivered pictures that earlier datasets of the project delivered as well.'),
  filter: z.number(),
  psi: z.number(),
  cutoff: whole.nullable(),
  classes: z
    .union([whole, z.array(whole).readonly(), z.literal('all')])
    .nullable()
    .describe('null without classes.'),
  rules: texts.describe('Its rules in words, one sentence each.'),
  ignoreAbove: z.number().nullable(),
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
  push: z.enum(PUSHED_AS),
  regions: z.enum(REGION_FORMS).nullable().describe('null: as the label config of the destination asks for.'),
  formats,
  fits: formats.describe('Formats that its files can have.'),
  sizes: z.partialRecord(z.enum(FORMAT_NAMES), whole).readonly().describe('Bytes of the written files, by format.'),
  projectId: whole.nullable(),
  url: z.string().nullable().describe('Address of the result in Label Studio, with its origin.'),
  download: z
    .string()
    .nullable()
    .describe(
      'Link to a zip of the files; browsers need no token for it. null until the files exist and the address of this server is known.',
    ),
  reasons: texts,
});
