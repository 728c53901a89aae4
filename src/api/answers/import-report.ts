import { z } from 'zod';
import { texts, whole } from './fields.ts';

const cost = z.object({ seconds: z.number(), memory: z.number().describe('Bytes.') }).nullable();

export const importReport = z.object({
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
