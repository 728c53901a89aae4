import { z } from 'zod';
import { agreement } from './agreement.ts';
import { problem } from './error.ts';
import { texts, whole } from './fields.ts';
import { job } from './job.ts';
import { keypointCurve } from './keypoint-curve.ts';
import { learningCurve } from './learning-curve.ts';
import { slips } from './slips.ts';
import { version } from './version.ts';

export const summary = {
  id: whole.describe("Label Studio's project id."),
  host: z.string().describe('Origin of its Label Studio.'),
  title: z.string(),
  kind: z.enum(['labelling', 'orders', 'dataset']),
  state: z.enum(['connecting', 'connected', 'disconnected', 'gone']),
  generator: z.string().describe('Its name; empty in a project of photographs.'),
  photographs: z
    .object({
      backbone: z.string().describe('Name of the network that looks at them.'),
      workingSize: whole.nullable().describe('Pixels that a longer side is scaled to; null: what the backbone usually takes.'),
    })
    .nullable()
    .describe("Of a project of the user's own pictures; null where pictures are generated."),
  currentVersion: z.string().nullable(),
  annotatedImages: whole.describe('Pictures that the last training learnt from, including corrected pictures of its datasets.'),
  address: z
    .string()
    .nullable()
    .describe('Address at which its Label Studio reaches this server; null if it is not connected yet.'),
  problem: z.string().nullable().describe('The last problem and how to fix it.'),
  error: z
    .object({ code: z.string(), ...problem })
    .nullable()
    .describe('The last problem as code, message and fix.'),
};

export const projectSummary = z.object(summary);

export const projectDetail = z.object({
  ...summary,
  labels: texts,
  keypoints: texts,
  colours: z
    .object({
      labels: z
        .array(z.string().nullable())
        .readonly()
        .describe('By label, as CSS writes it; null for a background that the label config does not have.'),
      keypoints: texts,
    })
    .describe("In which Label Studio's editor draws them: their `background`, or its default."),
  annotations: z.object({
    counted: whole.describe('Pictures that the project trains on, including corrected pictures of its datasets.'),
    machineMade: whole,
    skipped: whole,
    rejected: texts,
    notes: texts.describe('What was ignored or assumed, one line each.'),
  }),
  seededTasks: whole.describe('Tasks whose picture is known: generated ones, or photographs that were read.'),
  unreadPhotographs: texts.describe('Tasks whose photograph cannot be read, one line each with the reason.'),
  versions: z
    .array(version)
    .readonly()
    .describe('At most 20, the last activated first, so the current one before all others; /versions has all of them.'),
  versionCount: whole,
  learningCurve: learningCurve.describe(
    'By number of annotated pictures, ascending; versions that are not validated yet are left out.',
  ),
  keypointCurve: keypointCurve.describe('The same of keypoints; empty where none is annotated.'),
  slips: slips.describe('Annotations that are probably mistakes, the most striking first.'),
  agreement: agreement.describe('Where several people annotated the same picture.'),
  jobs: z.array(job).readonly(),
});
