import { z } from 'zod';
import { whole } from './fields.ts';

export const slips = z.object({
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
