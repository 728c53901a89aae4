import { z } from 'zod';
import { ARCHIVE_KINDS, FORMAT_NAMES, type FormatName } from '../export/format-names.ts';
import { DATASET_STATES } from './answers/dataset.ts';
import { JOB_KINDS, JOB_STATES } from './answers/job.ts';
import { PUSHED_AS, REGION_FORMS } from './dataset-options.ts';

/** What the REST API takes: the only description. The schemas check requests, give the types, and describe them in /openapi.json. */

const LARGEST_SEED = 2 ** 32 - 1;
const LARGEST_ORDER = 10_000_000;
const MOST_SEEDED = 100_000;
const MOST_CANDIDATES = 10_000;

/** One message for every way to be wrong, so that the answer says what would be right. */
function number(kind: 'whole number' | 'number', from: number, to: number) {
  const error = `must be a ${kind} from ${from} to ${to}`;
  const schema = kind === 'number' ? z.number({ error }) : z.int({ error });
  return schema.min(from, { error }).max(to, { error });
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

const seed = number('whole number', 0, LARGEST_SEED).describe('Seed of the picture, as in numpy.random.RandomState(seed).');
const seedStart = number('whole number', 0, LARGEST_SEED).describe('First seed.');
const psi = number('number', 0, 2).describe('Truncation psi. Default: psi of the annotated tasks, or of the generator.');
const cutoff = z
  .union([number('whole number', 0, 100), z.literal('none')], { error: "must be a whole number from 0 to 100, or 'none'" })
  .describe("Number of layers that psi acts on, from the coarsest; 'none' means all.");
const imageClass = number('whole number', 0, 1_000_000).describe('Class of a conditional generator.');

/** Label Studio's own limits. */
const TITLE = 'must have 3 to 50 characters';
const LARGEST_PROJECT = 2 ** 31 - 1;
const PROJECT = `must be a project's number from 1 to ${LARGEST_PROJECT}, or ORIGIN|NUMBER`;

/** What can be kept: PostgreSQL takes no U+0000, and half a surrogate pair has no bytes in UTF-8. */
const WRITABLE = [/^[^\0\ud800-\udfff]*$/u, 'must be a text without U+0000 and without unpaired surrogates'] as const;

function text(from: number, to: number, error = `must be a text of ${from} to ${to} characters`) {
  return z
    .string(error)
    .min(from, error)
    .max(to, error)
    .regex(...WRITABLE);
}

const name = text(1, 200);
const flag = z.enum(['true', 'false'], { error: 'must be true or false' });

export const noParams = z.strictObject({});
export const generator = z.strictObject({ name: name.describe('Name of the generator.') });
export const generatorSeed = z.strictObject({ name: name.describe('Name of the generator.'), seed });
export const project = z.strictObject({
  id: text(1, 2000)
    .regex(/^(?:[^|]+\|)?[1-9]\d{0,9}(?:\|\d{1,12})?$/, PROJECT)
    .refine((id) => Number(/\d+(?=\|\d+$)|\d+$/.exec(id)?.[0]) <= LARGEST_PROJECT, PROJECT)
    .describe("Label Studio's project id. If several Label Studios have a project with this id: ORIGIN|ID, URL-encoded."),
});
export const projectSeed = z.strictObject({ ...project.shape, seed });
export const projectVersion = z.strictObject({ ...project.shape, version: name.describe('Version id: dg- and 12 hex digits.') });
export const dataset = z.strictObject({ id: name.describe('Id of the dataset.') });
export const job = z.strictObject({ id: name.describe('Id of the job.') });
const jobState = z.enum(JOB_STATES, { error: `must be one of ${JOB_STATES.join(', ')}` });

export const noQuery = z.strictObject({});
export const datasetsQuery = z.strictObject({
  project: project.shape.id.exactOptional(),
  state: oneOf(DATASET_STATES).describe('Only datasets in this state.').exactOptional(),
  limit: number('whole number', 1, 1000).describe('Maximum number of datasets. Default: 100.').exactOptional(),
  offset: number('whole number', 0, 100_000_000)
    .describe('Number of datasets to leave out before the first. Default: 0.')
    .exactOptional(),
});
export const jobsQuery = z.strictObject({
  state: jobState.describe('Only jobs in this state.').exactOptional(),
  kind: z.enum(JOB_KINDS).describe('Only jobs of this kind.').exactOptional(),
  limit: number('whole number', 1, 1000).describe('Maximum number of jobs. Default: 100.').exactOptional(),
  housekeeping: flag.describe('Whether to list what runs all the time, and parts of orders. Default: true.').exactOptional(),
});
export const versionsQuery = z.strictObject({
  limit: number('whole number', 1, 1000).describe('Maximum number of versions. Default: 20.').exactOptional(),
  offset: number('whole number', 0, 1_000_000)
    .describe('Number of versions to leave out before the first. Default: 0.')
    .exactOptional(),
});
const linkKey = z.string().max(200).describe('Key of a link to this dataset, instead of the token.');
export const reportQuery = z.strictObject({ key: linkKey.exactOptional() });
export const exportQuery = z.strictObject({
  format: text(1, 500, 'must be given').describe(
    `Formats, separated by commas, or all. With several formats each has its own folder. Known: ${FORMAT_NAMES.join(', ')}.`,
  ),
  validation: number('number', 0, 0.5).describe('Share of the pairs in the validation split. Default: 0.1.').exactOptional(),
  key: linkKey.exactOptional(),
  archive: z.enum(ARCHIVE_KINDS, { error: 'must be tar or zip' }).describe('Kind of archive. Default: tar.').exactOptional(),
});
export const datasetDeletion = z.strictObject({
  project: flag.describe('Whether to delete its Label Studio project as well. Default: false.').optional(),
});
const identity = { psi: psi.optional(), cutoff: cutoff.optional(), class: imageClass.optional() };
const patient = flag
  .describe(
    'Whether the answer may wait until running trainings are done, as that of one of many pictures on a page. Default: false.',
  )
  .optional();
export const imageQuery = z.strictObject({
  ...identity,
  width: number('whole number', 16, 2048)
    .describe('Width in pixels. A picture is not enlarged. Default: its own width.')
    .optional(),
  patient,
  mix: number('whole number', 0, LARGEST_SEED)
    .describe('Seed of a second picture, to see what is between the two. No seed makes such a picture: it can be no task.')
    .optional(),
  share: number('number', 0, 1)
    .describe("The second picture's share: the style vectors w are (1 - share) w1 + share w2. Default with mix: 0.5.")
    .optional(),
});
export const truthQuery = z.strictObject(identity);
export const predictionQuery = z.strictObject({
  version: name.describe("Version id, one of the project's. Default: its current version.").optional(),
  ...identity,
  patient,
});
export const picturesQuery = z.strictObject({
  of: z
    .enum(['tasks', 'seeds'], { error: 'must be tasks or seeds' })
    .describe("Pictures of the project's tasks by task number, or of all seeds in turn. Default: tasks.")
    .optional(),
  start: number('whole number', 0, LARGEST_SEED)
    .describe('Number of tasks to leave out, or the first seed. Default: 0.')
    .optional(),
  limit: number('whole number', 1, 100).describe('Maximum number of pictures. Default: 24.').optional(),
  psi: psi.describe('The pictures at this psi. Default: at their own.').optional(),
});

const classes = z.union([imageClass, z.array(imageClass).min(1).max(1000).readonly(), z.literal('all')], {
  error: "must be the number of a class, a list of them, or 'all'",
});

/** Also what is sent without a body. */
const nothing = z.strictObject({});
const seedOrder = z.strictObject({
  count: number('whole number', 1, MOST_SEEDED).describe('Number of tasks to add to the existing ones.'),
  seedStart: seedStart.exactOptional(),
  classes: classes
    .describe(
      "Class of a conditional generator. With several classes, consecutive seeds take turns. Default: the project's classes.",
    )
    .exactOptional(),
  candidates: number('whole number', 1, MOST_CANDIDATES)
    .describe(
      'Choose the pictures from so many seeds: those worth annotating most, by the current version. Default: take seeds in turn.',
    )
    .exactOptional(),
});
export type SeedOrder = z.infer<typeof seedOrder>;

const label = text(1, 500);
const share = number('number', 0, 1);
const mostPieces = number('whole number', 1, 1_000_000);
const byLabel = { error: 'must be an object with labels as keys' };
const rules = z.strictObject({
  present: z
    .array(label, 'must be a list of labels and keypoints')
    .min(1)
    .readonly()
    .describe('Labels that every mask must contain, and keypoints that every picture must show.')
    .exactOptional(),
  areas: z
    .record(label, z.tuple([share, share], 'must be two shares of the picture, minimum and maximum').readonly(), byLabel)
    .describe('Range of the share of the picture that a label covers, where it is present: [minimum, maximum].')
    .exactOptional(),
  areaFactor: number('number', 1, 1000)
    .describe('Factor f. Where a label is present, its share is from min/f to max·f of its annotated shares.')
    .exactOptional(),
  pieces: z
    .union([mostPieces, z.record(label, mostPieces)], { error: 'must be a whole number from 1, or one for each label' })
    .describe('Maximum number of connected pieces, for every label or by label.')
    .exactOptional(),
  nearest: number('number', 0, 100)
    .describe('Maximum distance to the nearest annotated picture. 1 is the distance of two random pictures.')
    .exactOptional(),
});
/** By the texts of labels and keypoints; src/synthesis/rules.ts says what each rule measures. */
export type OrderRules = z.infer<typeof rules>;

export const datasetOrder = z.strictObject({
  count: number('whole number', 1, LARGEST_ORDER).describe('Number of image-mask pairs to deliver.'),
  title: z
    .string('must be a text')
    .trim()
    .min(3, TITLE)
    .max(50, TITLE)
    .regex(...WRITABLE)
    .describe('Title of the new project.')
    .exactOptional(),
  version: name.describe("Version id. Default, and 'newest': the project's current version.").exactOptional(),
  filter: number('number', 0, 0.5)
    .describe('Share of the candidates to drop, the most uncertain first. Default: 0.1.')
    .exactOptional(),
  psi: psi.exactOptional(),
  cutoff: cutoff.transform((layers) => (layers === 'none' ? null : layers)).exactOptional(),
  classes: classes.describe('As for seeding. Default: classes of the annotated tasks, or of the project.').exactOptional(),
  seedStart: seedStart
    .describe('First seed. Default: the first seed after those that other datasets of the project have tried.')
    .exactOptional(),
  rules: rules.describe('Conditions that each delivered pair meets.').exactOptional(),
  ignoreAbove: number('number', 0, 3)
    .describe('Mask pixels with a JS divergence above this (nats) become 255, which means ignore. Default: no limit.')
    .exactOptional(),
  formats: z
    .array(oneOf(FORMAT_NAMES), 'must be a list of formats')
    .transform((formats): readonly FormatName[] => [...new Set(formats)])
    .describe('File formats to write. Default: index-png.')
    .exactOptional(),
  destination: z
    .union([number('whole number', 1, LARGEST_PROJECT), z.enum(['new', 'files'])], {
      error: "must be 'new', 'files' or the number of a Label Studio project",
    })
    .describe("'new' for a new Label Studio project, 'files' for none, or the number of a project. Default: 'new'.")
    .exactOptional(),
  push: oneOf(PUSHED_AS).describe('What the regions become in Label Studio. Default: predictions.').exactOptional(),
  regions: oneOf(REGION_FORMS).describe("Kind of the regions. Default: that of the project's label config.").exactOptional(),
});
export type DatasetOrder = z.infer<typeof datasetOrder>;

const datasetExtension = z.strictObject({
  count: number('whole number', 1, LARGEST_ORDER).describe('Number of pairs to add.'),
});

const path = text(1, 4096);
const row = number('whole number', 0, 2048);
export const generatorImport = z.strictObject({
  file: path.describe("Path of the checkpoint on the server's disk."),
  name: name.describe("Name of the generator. Default: from the file's name.").exactOptional(),
  licence: text(1, 10_000)
    .describe('Licence of the weights, as their source states it. The key `license` is accepted, too.')
    .exactOptional(),
  psi: number('number', 0, 2).describe('Truncation psi that the generator uses by default. Default: 0.7.').exactOptional(),
  averageFile: path.describe("Path of a .npy file with the mean of w, on the server's disk.").exactOptional(),
  taps: name.describe('Set of feature layers: default, editgan, or datasetgan for StyleGAN1.').exactOptional(),
  rows: z.strictObject({ from: row, to: row }).describe('Rows of the image that are shown and labelled.').exactOptional(),
  labelSize: number('whole number', 4, 2048)
    .describe('Width of pictures and masks, a divisor of the resolution.')
    .exactOptional(),
});
export type ImportOptions = z.infer<typeof generatorImport>;

const { file: _file, averageFile: _averageFile, rows: _rows, licence, ...uploadShape } = generatorImport.shape;
/** The same for a file that is sent. */
export const generatorUpload = z.strictObject({
  filename: text(1, 255).describe('Name of the file, as its sender has it.'),
  ...uploadShape,
  licence: licence.unwrap().max(2000, 'must be a text of 1 to 2000 characters').exactOptional(),
  rows: z
    .string()
    .regex(/^\d{1,4}:\d{1,4}$/, 'must be FROM:TO, such as 64:448')
    .transform((rows) => ({ from: Number(rows.split(':')[0]), to: Number(rows.split(':')[1]) }))
    .describe('Rows of the image that are shown and labelled, as FROM:TO.')
    .exactOptional(),
});
export type UploadOptions = z.output<typeof generatorUpload>;

/** Hugging Face, SPDX and npm write `license`. */
function withLicence(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || 'licence' in body) return body;
  if (!('license' in body) || typeof body.license !== 'string') return body;
  const { license: licence, ...others } = body;
  return { ...others, licence };
}
const accessToken = z.strictObject({ token: text(1, 1000).describe('API_TOKEN.') });
const generatorName = z.strictObject({ name: name.describe('The new name.') });

/** Schemas of bodies by their name in /openapi.json. */
export const BODIES = {
  Nothing: nothing,
  SeedOrder: seedOrder,
  DatasetOrder: datasetOrder,
  DatasetExtension: datasetExtension,
  GeneratorImport: z.preprocess(withLicence, generatorImport),
  GeneratorName: generatorName,
  AccessToken: accessToken,
} as const;
