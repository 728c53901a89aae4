import { z } from 'zod';
import { FORMAT_NAMES } from '../../export/format-names.ts';
import { whole } from './fields.ts';

const formats = z.array(z.enum(FORMAT_NAMES)).readonly();

export const orderEstimate = z.object({
  candidates: whole.describe('Pictures to make, in whole shards, if every one meets the rules.'),
  mostCandidates: whole.describe('Pictures to make at most. With rules it is up to five times as many.'),
  seconds: z
    .object({
      pairs: z.number().describe('To make the pictures and their masks.'),
      project: z.number().describe('To bring them into Label Studio.'),
      files: z.number().describe('To write the files.'),
    })
    .describe('For this server alone, if every picture meets the rules and nothing else runs.'),
  basis: z
    .enum(['pairs', 'trial', 'none'])
    .describe("From what `seconds.pairs` is estimated: the generator's last pairs, its trial at the import, or neither."),
  waiting: whole.describe('Pictures that other datasets still need. They are made in between.'),
  bytes: whole.describe('Disk space for the pairs and files, if every picture meets the rules.'),
  bytesFree: whole.nullable().describe('Free space on that disk; null in a bucket.'),
  version: z.string(),
  filter: z.number(),
  psi: z.number(),
  cutoff: whole.nullable(),
  seedStart: whole.describe('First seed.'),
  formats,
  fits: formats.describe('Formats that its files can have.'),
});
