import { z } from 'zod';
import { whole } from './fields.ts';

export const generator = z.object({
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
