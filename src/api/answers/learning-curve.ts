import { z } from 'zod';
import { whole } from './fields.ts';
import { iouByLabel } from './version.ts';

export const learningCurve = z
  .array(
    z.object({
      version: z.string(),
      annotatedImages: whole,
      mIoU: z.number().describe('Mean IoU on pictures left out of the training.'),
      iou: iouByLabel,
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
          'At the last point: power law through the versions whose mean is over the same labels; null before 4 pictures or 3 such versions.',
        ),
    }),
  )
  .readonly();
