import { z } from 'zod';
import { whole } from './fields.ts';
import { importReport } from './import-report.ts';

const summary = {
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
};

export const generator = z.object(summary);

export const generatorDetail = z.object({
  ...summary,
  bundled: z.boolean().describe('Whether it comes with the product: it can be neither renamed nor removed.'),
  layers: whole.describe('Number of layers that psi can act on: the largest cutoff.'),
  source: z.string().describe('Where the weights come from.'),
  commercialUse: z.boolean().nullable().describe('Whether its licence allows commercial use; null if not known.'),
  projects: z
    .array(z.object({ id: whole, host: z.string(), title: z.string() }))
    .readonly()
    .describe('Projects that use it.'),
  report: importReport.nullable().describe('Report of its import; null if there is none.'),
});
