import { z } from 'zod';
import { ERROR_CODES, type ErrorBody } from '../errors.ts';
import { FORMAT_NAMES } from '../export/format-names.ts';

/** What the REST API answers: the only description, from which come the types, /openapi.json and what a client may rely on. */

const whole = z.int().min(0);
const texts = z.array(z.string()).readonly();
const STATES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
/** What jobs there are; src/jobs/queue/job-kinds.ts says what each is asked to do. */
export const JOB_KINDS = [
  'seed',
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
export type JobKind = (typeof JOB_KINDS)[number];
export type JobState = (typeof STATES)[number];

const problem = { message: z.string(), fix: z.string().exactOptional().describe('What you can do about it.') };

const errorBody: z.ZodType<ErrorBody> = z.object({
  error: z.object({ code: z.enum(ERROR_CODES), ...problem }),
});

const job = z.object({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  dataset: z.string().exactOptional().describe('Id of the dataset that it works on.'),
  state: z.enum(STATES),
  done: whole,
  total: whole,
  rate: z.number().nullable().describe('Items a second, over the last minute; null before the first.'),
  eta: z.number().nullable().describe('Seconds left; null when unknown.'),
  error: z.object({ code: z.string(), ...problem }).exactOptional(),
  result: z.record(z.string(), z.unknown()).readonly().exactOptional(),
});
export type Job = z.infer<typeof job>;

const generator = z.object({
  name: z.string(),
  id: z.string().describe('Hash of everything that decides its pictures.'),
  family: z.string(),
  resolution: whole.describe('Side of its pictures, in pixels.'),
  labelSize: whole.describe('Side of its masks, in pixels.'),
  dims: whole.describe('Features of a pixel.'),
  psi: z.number(),
  cutoff: whole.nullable(),
  classes: whole,
  licence: z.string(),
  note: z.string(),
});
export type GeneratorSummary = z.infer<typeof generator>;

const cost = z.object({ seconds: z.number(), memory: z.number().describe('Bytes.') }).nullable();
const importReport = z.object({
  name: z.string(),
  id: z.string(),
  known: z.boolean().describe('It was there before, under this name.'),
  family: z.string(),
  origin: z.string().describe('Program and kind of the network.'),
  resolution: whole,
  labelSize: z.object({ width: whole, height: whole }),
  dims: whole.describe('Features of a pixel.'),
  taps: texts.describe('Layers that they are taken from.'),
  classes: whole,
  psi: z.number(),
  cutoff: whole.nullable(),
  file: z.object({ name: z.string(), bytes: whole, sha256: z.string() }),
  code: z.object({ sha256: z.string(), known: z.string().nullable() }).nullable().describe('The program text in the file.'),
  average: z.string().describe('Where the mean of w is from.'),
  image: cost.describe('One image with its feature maps; null where it was known before.'),
  prediction: cost.describe('One image with its mask, by ten classifiers; null where it was known before.'),
  warning: z.string().nullable().describe('What the self-test found unusual.'),
  licence: z.string(),
  note: z.string(),
});
export type ImportReport = z.infer<typeof importReport>;

const summary = {
  id: whole.describe("Label Studio's project id."),
  host: z.string().describe('Origin of its Label Studio.'),
  title: z.string(),
  kind: z.enum(['labelling', 'orders', 'dataset']),
  state: z.enum(['connecting', 'connected', 'disconnected', 'gone']),
  generator: z.string(),
  currentVersion: z.string().nullable(),
  address: z.string().nullable().describe('Where its Label Studio reaches this server; null: not connected yet.'),
  problem: z.string().nullable().describe('The last thing that went wrong and how to mend it.'),
  error: z
    .object({ code: z.string(), ...problem })
    .nullable()
    .describe('The same in its parts.'),
};
const project = z.object(summary);

const version = z.object({
  id: z.string(),
  createdAt: z.string(),
  current: z.boolean(),
  annotatedImages: whole,
  labels: texts,
  finalLoss: z.number(),
  trainingAccuracy: z.number(),
  validation: z.enum(['pending', 'done', 'none']),
  mIoU: z.number().nullable().describe('Mean over the labels of mIoUOver; null with fewer than two beside the background.'),
  mIoUOver: texts.describe('Labels that were annotated in two pictures or more.'),
  iou: z
    .record(z.string(), z.number().nullable())
    .readonly()
    .describe('By label; null where the class was annotated in one image only.'),
  notes: texts,
});
export type VersionSummary = z.infer<typeof version>;
export type ProjectSummary = z.infer<typeof project>;

const projectDetail = z.object({
  ...summary,
  labels: texts,
  annotations: z.object({
    counted: whole.describe('Pictures that it learns from, corrected ones of its datasets too.'),
    machineMade: whole,
    skipped: whole,
    rejected: texts,
    notes: texts.describe('What was passed over or assumed, one line each.'),
  }),
  seededTasks: whole,
  versions: z.array(version).readonly(),
  jobs: z.array(job).readonly(),
});
export type ProjectDetail = z.infer<typeof projectDetail>;

const destination = z.union([z.enum(['new', 'files']), whole]);
const dataset = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum([...STATES, 'paused']),
  asked: whole,
  delivered: whole,
  candidates: whole,
  dropped: whole,
  known: whole.describe('Pictures among its pairs that earlier datasets of the project delivered, too.'),
  filter: z.number(),
  generator: z.string(),
  version: z.string(),
  parts: z
    .array(
      z.object({
        asked: whole,
        seedStart: whole,
        lastSeed: whole.nullable().describe('Of its last candidate; null until all are made.'),
        delivered: whole.nullable(),
      }),
    )
    .readonly()
    .describe('What was ordered, and each extension.'),
  job: job.nullable().describe('The job that works on it now, or the next one; null: none.'),
  bytes: whole.describe('Of its stored pairs.'),
  bytesToCome: whole.describe('What it will still take, by what pairs were measured to take; 0 when nothing is to come.'),
  folder: z.string(),
  destination,
  formats: z.array(z.enum(FORMAT_NAMES)).readonly(),
  projectId: whole.nullable(),
  url: z.string().nullable().describe('Where the result is in Label Studio.'),
  download: z
    .string()
    .nullable()
    .describe(
      'A zip of its files, for browsers: it needs no token. null until they are there, and where no address of ours is known.',
    ),
  reasons: texts,
});
export type DatasetDetail = z.infer<typeof dataset>;

const ordersProject = z.object({ project: whole, url: z.string() });
export type OrdersProject = z.infer<typeof ordersProject>;

/** Schemas of answers by their name in /openapi.json. */
export const ANSWERS = {
  Error: errorBody,
  Job: job,
  Generator: generator,
  Generators: z.array(generator),
  ImportReport: importReport,
  Project: project,
  Projects: z.array(project),
  Version: version,
  ProjectDetail: projectDetail,
  Dataset: dataset,
  Datasets: z.array(dataset),
  OrdersProject: ordersProject,
} as const;

export type AnswerName = keyof typeof ANSWERS;
export type Answer<N extends AnswerName> = z.infer<(typeof ANSWERS)[N]>;
