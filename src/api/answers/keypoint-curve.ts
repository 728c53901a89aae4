import { z } from 'zod';
import { whole } from './fields.ts';
import { keypointErrors } from './version.ts';

export const keypointCurve = z
  .array(
    z.object({
      version: z.string(),
      annotatedImages: whole,
      pck: z.number().describe('Mean share of the keypoints of held-out pictures that are found.'),
      keypoints: keypointErrors,
    }),
  )
  .readonly();
