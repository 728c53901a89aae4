import { z } from 'zod';
import { ERROR_CODES, type ErrorBody } from '../errors.ts';
import { FORMAT_NAMES } from '../export/format-names.ts';

/** What the REST API answers: the only description, from which come the types, /openapi.json and what a client may rely on. */

const whole = z.int().min(0);
const texts = z.array(z.string()).readonly();
const STATES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
/** What jobs there are; src/jobs/queue/job-kinds.ts has the input of each. */
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

const problem = { message: z.string(), fix: z.string().exactOptional().describe('What to do about it.') };

const errorBody: z.ZodType<ErrorBody> = z.object({
  error: z.object({ code: z.enum(ERROR_CODES), ...problem }),
});

const job = z.object({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  dataset: z.string().exactOptional().describe('Id of the dataset that the job works on.'),
  state: z.enum(STATES),
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
export type Job = z.infer<typeof job>;

const generator = z.object({
  name: z.string(),
  id: z.string().describe('Hash of everything that determines its pictures.'),
  family: z.string(),
  resolution: whole.describe('Width of its pictures, in pixels.'),
  labelSize: whole.describe('Width of its masks, in pixels.'),
  dims: whole.describe('Number of features of each pixel.'),
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
  known: z.boolean().describe('Whether the network was already installed, under this name.'),
  family: z.string(),
  origin: z.string().describe('Program and kind of the network.'),
  resolution: whole,
  labelSize: z.object({ width: whole, height: whole }),
  dims: whole.describe('Number of features of each pixel.'),
  taps: texts.describe('Layers that the features come from.'),
  classes: whole,
  psi: z.number(),
  cutoff: whole.nullable(),
  file: z.object({ name: z.string(), bytes: whole, sha256: z.string() }),
  code: z.object({ sha256: z.string(), known: z.string().nullable() }).nullable().describe('The source code stored in the file.'),
  average: z.string().describe('Where the mean of w comes from.'),
  image: cost.describe('Cost of one image with its feature maps; null if the network was already installed.'),
  prediction: cost.describe('Cost of one image with its mask by ten classifiers; null if the network was already installed.'),
  warning: z.string().nullable().describe('Unusual findings of the self-test.'),
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
const project = z.object(summary);

const version = z.object({
  id: z.string(),
  createdAt: z.string(),
  current: z.boolean(),
  annotatedImages: whole,
  labels: texts,
  keypoints: texts.describe('Names of the keypoints; empty where no picture had one.'),
  finalLoss: z.number(),
  trainingAccuracy: z.number(),
  validation: z.enum(['pending', 'done', 'none']),
  mIoU: z
    .number()
    .nullable()
    .describe('Mean IoU over the labels of mIoUOver; null with fewer than two labels besides the background.'),
  mIoUOver: texts.describe('Labels that are annotated in at least two pictures.'),
  iou: z
    .record(z.string(), z.number().nullable())
    .readonly()
    .describe('IoU of each label; null if it is annotated in only one picture.'),
  pck: z
    .number()
    .nullable()
    .exactOptional()
    .describe(
      'Share of the keypoints of held-out pictures that are found within 5 % of the longer side; left out without keypoints.',
    ),
  keypointErrors: z
    .record(z.string(), z.object({ pck: z.number().nullable(), medianPx: z.number().nullable() }))
    .readonly()
    .exactOptional()
    .describe('The same by keypoint, and the median error in pixels of the mask; null if only one picture shows it.'),
  notes: texts,
});
export type VersionSummary = z.infer<typeof version>;
export type ProjectSummary = z.infer<typeof project>;

const learningCurve = z
  .array(
    z.object({
      version: z.string(),
      annotatedImages: whole,
      mIoU: z.number().describe('Mean IoU on pictures left out of the training.'),
      forecast: z
        .object({
          more: whole.describe('Number of further pictures.'),
          gain: z.number().describe('mIoU that they are expected to add.'),
          interval: z
            .tuple([z.number(), z.number()])
            .readonly()
            .describe('The gain that is measured then is between these with a probability of 80 %.'),
        })
        .nullable()
        .describe(
          'Power law through the versions whose mean is over the same labels; null before 4 pictures or 3 such versions.',
        ),
    }),
  )
  .readonly();
export type LearningCurve = z.infer<typeof learningCurve>;

const slips = z.object({
  version: z.string().nullable().describe('The version whose validation found them; null before the first validation.'),
  regions: z
    .array(
      z.object({
        task: whole,
        url: z.string().describe('Address of the task in Label Studio.'),
        label: z.string().describe('What the annotator drew.'),
        seen: z.string().describe('What versions that did not learn from the picture see instead.'),
        share: z.number().describe("Share of the label's pixels in the picture that they see so."),
        usualShare: z.number().describe('The same share in the other pictures, their median.'),
        pixels: whole.describe('Annotated pixels of the label in the picture.'),
      }),
    )
    .readonly(),
  points: z
    .array(
      z.object({
        task: whole,
        url: z.string().describe('Address of the task in Label Studio.'),
        keypoint: z.string(),
        distance: z
          .number()
          .describe('Pixels of the mask from the marked point to where versions that did not learn from it see it.'),
        usualDistance: z.number().describe('The same distance in the other pictures, their median.'),
        markedThere: z.string().nullable().describe('The keypoint that is marked there, as when left and right are swapped.'),
      }),
    )
    .readonly(),
});
export type Slips = z.infer<typeof slips>;

const byUser = z.object({ annotation: whole, user: whole }).describe("Label Studio's ids.");
const agreement = z.object({
  labels: z
    .record(z.string(), z.object({ iou: z.number(), pictures: whole }))
    .readonly()
    .describe('By label: mean IoU of what two people painted, over the pictures in which one of them did.'),
  keypoints: z
    .record(z.string(), z.object({ distance: z.number(), pictures: whole }))
    .readonly()
    .describe('By keypoint: mean distance in pixels of the mask, over the pictures in which both marked it.'),
  pictures: z
    .array(
      z.object({
        task: whole,
        url: z.string().describe('Address of the task in Label Studio.'),
        counted: byUser,
        other: byUser,
        iou: z.record(z.string(), z.number()).readonly(),
        distances: z.record(z.string(), z.number()).readonly(),
      }),
    )
    .readonly()
    .describe("Each other user's last annotation of a picture, against the one that counts; the least agreement first."),
});
export type ProjectAgreement = z.infer<typeof agreement>;

const projectDetail = z.object({
  ...summary,
  labels: texts,
  keypoints: texts,
  annotations: z.object({
    counted: whole.describe('Pictures that the project trains on, including corrected pictures of its datasets.'),
    machineMade: whole,
    skipped: whole,
    rejected: texts,
    notes: texts.describe('What was ignored or assumed, one line each.'),
  }),
  seededTasks: whole,
  versions: z.array(version).readonly(),
  learningCurve: learningCurve.describe(
    'By number of annotated pictures, ascending; versions that are not validated yet are left out.',
  ),
  slips: slips.describe('Annotations that are probably mistakes, the most striking first.'),
  agreement: agreement.describe('Where several people annotated the same picture.'),
  jobs: z.array(job).readonly(),
});
export type ProjectDetail = z.infer<typeof projectDetail>;

const point = {
  name: z.string(),
  x: z.number().describe('Pixels; the centre of the top-left pixel is at 0.5, 0.5.'),
  y: z.number(),
};

const seedPrediction = z.object({
  version: z.string(),
  width: whole.describe('Of the mask, in pixels.'),
  height: whole,
  score: z.number().describe('0 ... 1; low is uncertain.'),
  keypoints: z
    .array(
      z.object({
        ...point,
        score: z.number().describe('0 ... 1; low is uncertain.'),
        spread: z.number().describe('How far the classifiers disagree about the place, in pixels.'),
      }),
    )
    .readonly()
    .describe('Those that the picture shows.'),
});
export type SeedPrediction = z.infer<typeof seedPrediction>;

const seedTruth = z.object({
  width: whole.describe('Of the picture, in pixels.'),
  height: whole,
  keypoints: z.array(z.object({ ...point, visible: z.boolean() })).readonly(),
});
export type SeedTruth = z.infer<typeof seedTruth>;

const destination = z.union([z.enum(['new', 'files']), whole]);
const dataset = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum([...STATES, 'paused']),
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
  SeedPrediction: seedPrediction,
  SeedTruth: seedTruth,
} as const;

export type AnswerName = keyof typeof ANSWERS;
export type Answer<N extends AnswerName> = z.infer<(typeof ANSWERS)[N]>;
