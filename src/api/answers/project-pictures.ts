import { z } from 'zod';
import { whole } from './fields.ts';

export const projectPictures = z.object({
  total: whole.describe('Number of tasks, or of seeds.'),
  generator: z.string().describe('Id of the generator.'),
  pictures: z
    .array(
      z.object({
        seed: whole,
        class: whole.nullable(),
        psi: z.number(),
        cutoff: whole.nullable(),
        task: z
          .object({ id: whole, url: z.string().describe('Address of the task in Label Studio.') })
          .nullable()
          .describe('Null where seeds were asked for.'),
        hasTruth: z.boolean().describe('Whether its exact parts and keypoints are known.'),
      }),
    )
    .readonly(),
});
