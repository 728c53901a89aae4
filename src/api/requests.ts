import { z } from 'zod';
import { ARCHIVE_KINDS, FORMAT_NAMES, type FormatName } from '../export/format-names.ts';
import { PUSHED_AS, REGION_FORMS } from './dataset-options.ts';

/** What the REST API takes: the only description. The schemas check requests, give the types, and describe them in /openapi.json. */

const LARGEST_SEED = 2 ** 32 - 1;
const LARGEST_ORDER = 10_000_000;
const MOST_SEEDED = 100_000;

/** One message for every way to be wrong, so that the answer says what would be right. */
function number(kind: 'whole number' | 'number', from: number, to: number) {
  const error = `must be a ${kind} from ${from} to ${to}`;
  const schema = kind === 'number' ? z.number({ error }) : z.int({ error });
  return schema.min(from, { error }).max(to, { error });
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

const seed = number('whole number', 0, LARGEST_SEED).describe('Seed of the picture, as numpy.random.RandomState takes it.');
const seedStart = number('whole number', 0, LARGEST_SEED).describe('First seed.');
const psi = number('number', 0, 2).describe("Truncation psi; the generator's or the annotated tasks' own when left out.");
const cutoff = z
  .union([number('whole number', 0, 100), z.literal('none')], { error: "must be a whole number from 0 to 100, or 'none'" })
  .describe("Layers that psi acts on, counted from the coarsest; 'none': all.");
const imageClass = number('whole number', 0, 1_000_000).describe('Class of a conditional generator.');

/** Label Studio's own limits. */
const TITLE = 'must have 3 to 50 characters';
const LARGEST_PROJECT = 2 ** 31 - 1;
const PROJECT = `must be a project's number from 1 to ${LARGEST_PROJECT}, or ORIGIN|NUMBER`;

/** What can be kept: PostgreSQL takes no U+0000, and half a surrogate pair has no bytes in UTF-8. */
const WRITABLE = [/^[^\0\ud800-\udfff]*$/u, 'must be a text without U+0000 and without half of a surrogate pair'] as const;

function text(from: number, to: number, error = `must be a text of ${from} to ${to} characters`) {
  return z
    .string(error)
    .min(from, error)
    .max(to, error)
    .regex(...WRITABLE);
}

const name = text(1, 200);

export const noParams = z.strictObject({});
export const generator = z.strictObject({ name: name.describe('Name of the generator.') });
export const generatorSeed = z.strictObject({ name: name.describe('Name of the generator.'), seed });
export const project = z.strictObject({
  id: text(1, 2000)
    .regex(/^(?:[^|]+\|)?[1-9]\d{0,9}(?:\|\d{1,12})?$/, PROJECT)
    .refine((id) => Number(/\d+(?=\|\d+$)|\d+$/.exec(id)?.[0]) <= LARGEST_PROJECT, PROJECT)
    .describe("Label Studio's project id; ORIGIN|ID, URL-encoded, where several Label Studios have a project of that id."),
});
export const projectSeed = z.strictObject({ ...project.shape, seed });
export const projectVersion = z.strictObject({ ...project.shape, version: name.describe('Version id, dg- and 12 hex digits.') });
export const dataset = z.strictObject({ id: name.describe('Id of the dataset.') });
export const job = z.strictObject({ id: name.describe('Id of the job.') });

export const noQuery = z.strictObject({});
export const datasetsQuery = z.strictObject({
  project: project.shape.id.exactOptional(),
  limit: number('whole number', 1, 1000).describe('How many, at most; 100 when left out.').exactOptional(),
});
const linkKey = z.string().max(200).describe('Key of a link to this one dataset, instead of the token.');
export const reportQuery = z.strictObject({ key: linkKey.exactOptional() });
export const exportQuery = z.strictObject({
  format: text(1, 500, 'must be given').describe(
    `Formats with commas between them, or all: ${FORMAT_NAMES.join(', ')}. Several have a folder each.`,
  ),
  validation: number('number', 0, 0.5).describe('Share of the pairs that is for validation; 0.1 when left out.').exactOptional(),
  key: linkKey.exactOptional(),
  archive: z
    .enum(ARCHIVE_KINDS, { error: 'must be tar or zip' })
    .describe('What it comes as; tar when left out.')
    .exactOptional(),
});
export const datasetDeletion = z.strictObject({
  project: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .describe('Delete its Label Studio project as well; false when left out.')
    .optional(),
});
export const imageQuery = z.strictObject({ psi: psi.optional(), cutoff: cutoff.optional(), class: imageClass.optional() });

const classes = z.union([imageClass, z.array(imageClass).min(1).max(1000).readonly(), z.literal('all')], {
  error: "must be the number of a class, a list of them, or 'all'",
});

/** Also what is sent without a body. */
const nothing = z.strictObject({});
const seedOrder = z.strictObject({
  count: number('whole number', 1, MOST_SEEDED).describe('Tasks to make, beside those that are there.'),
  seedStart: seedStart.exactOptional(),
  classes: classes
    .describe("Class of a conditional generator, or classes that take turns by seed; the project's own when left out.")
    .exactOptional(),
});
export type SeedOrder = z.infer<typeof seedOrder>;

const label = text(1, 500);
const share = number('number', 0, 1);
const mostPieces = number('whole number', 1, 1_000_000);
const byLabel = { error: 'must be an object with labels as keys' };
const rules = z.strictObject({
  present: z
    .array(label, 'must be a list of labels')
    .min(1)
    .readonly()
    .describe('Labels that every mask must show.')
    .exactOptional(),
  areas: z
    .record(label, z.tuple([share, share], 'must be two shares of the picture, least and most').readonly(), byLabel)
    .describe('Share of the picture that a label may have where it is shown: [least, most].')
    .exactOptional(),
  areaFactor: number('number', 1, 1000)
    .describe('f: where a label is shown, its share may be from smallest/f to greatest·f of what was annotated.')
    .exactOptional(),
  pieces: z
    .union([mostPieces, z.record(label, mostPieces)], { error: 'must be a whole number from 1, or one for each label' })
    .describe('Most connected pieces of each label, or of these labels.')
    .exactOptional(),
  nearest: number('number', 0, 100)
    .describe('Greatest distance to the nearest annotated picture; 1 is as far as two random pictures are.')
    .exactOptional(),
});
/** By the texts of labels; src/synthesis/rules.ts says what each rule measures. */
export type OrderRules = z.infer<typeof rules>;

export const datasetOrder = z.strictObject({
  count: number('whole number', 1, LARGEST_ORDER).describe('Pairs of image and mask to deliver.'),
  title: z
    .string('must be a text')
    .trim()
    .min(3, TITLE)
    .max(50, TITLE)
    .regex(...WRITABLE)
    .describe('Title of the new project.')
    .exactOptional(),
  version: name.describe("Version id; the project's current one when left out or 'newest'.").exactOptional(),
  filter: number('number', 0, 0.5)
    .describe('Share of the candidates to drop, the most uncertain first; 0.1 when left out.')
    .exactOptional(),
  psi: psi.exactOptional(),
  cutoff: cutoff.transform((layers) => (layers === 'none' ? null : layers)).exactOptional(),
  classes: classes.describe("As for seeding; those of the annotated tasks, or the project's own, when left out.").exactOptional(),
  seedStart: seedStart
    .describe('First seed; when left out, the first from which no other dataset of the project has tried any.')
    .exactOptional(),
  rules: rules.describe('What a pair must be like to be delivered.').exactOptional(),
  ignoreAbove: number('number', 0, 3)
    .describe('Pixels of greater JS divergence (nats) are 255, to be ignored, in the mask; none when left out.')
    .exactOptional(),
  formats: z
    .array(oneOf(FORMAT_NAMES), 'must be a list of formats')
    .transform((formats): readonly FormatName[] => [...new Set(formats)])
    .describe('Files to make; index-png when left out.')
    .exactOptional(),
  destination: z
    .union([number('whole number', 1, LARGEST_PROJECT), z.enum(['new', 'files'])], {
      error: "must be 'new', 'files' or the number of a Label Studio project",
    })
    .describe("'new': a new Label Studio project; 'files': none; a number: that project. 'new' when left out.")
    .exactOptional(),
  push: oneOf(PUSHED_AS).describe('What the regions are in Label Studio; predictions when left out.').exactOptional(),
  regions: oneOf(REGION_FORMS)
    .describe("Form of the regions; what the project's label config has when left out.")
    .exactOptional(),
});
export type DatasetOrder = z.infer<typeof datasetOrder>;

const datasetExtension = z.strictObject({
  count: number('whole number', 1, LARGEST_ORDER).describe('Pairs to add.'),
});

const path = text(1, 4096);
const row = number('whole number', 0, 2048);
export const generatorImport = z.strictObject({
  file: path.describe("Path of the checkpoint on the server's disk."),
  name: name.describe("Name of the generator; from the file's name when left out.").exactOptional(),
  licence: text(1, 10_000).describe('Licence of the weights, as their source states it.').exactOptional(),
  psi: number('number', 0, 2).describe('Default truncation; 0.7 when left out.').exactOptional(),
  averageFile: path.describe("Path of a .npy file with the mean of w, on the server's disk.").exactOptional(),
  taps: name.describe('Choice of layers: default, editgan, or datasetgan for StyleGAN1.').exactOptional(),
  rows: z.strictObject({ from: row, to: row }).describe('Rows of the picture that are shown and labelled.').exactOptional(),
  labelSize: number('whole number', 4, 2048).describe('Width of pictures and masks; it divides the resolution.').exactOptional(),
});
export type ImportOptions = z.infer<typeof generatorImport>;
const generatorName = z.strictObject({ name: name.describe('The new name.') });

/** Schemas of bodies by their name in /openapi.json. */
export const BODIES = {
  Nothing: nothing,
  SeedOrder: seedOrder,
  DatasetOrder: datasetOrder,
  DatasetExtension: datasetExtension,
  GeneratorImport: generatorImport,
  GeneratorName: generatorName,
} as const;
