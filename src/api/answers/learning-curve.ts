import { z } from 'zod';
import { whole } from './fields.ts';

export const learningCurve = z
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
