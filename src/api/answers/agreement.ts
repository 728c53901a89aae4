import { z } from 'zod';
import { whole } from './fields.ts';

const byUser = z.object({ annotation: whole, user: whole }).describe("Label Studio's ids.");

export const agreement = z.object({
  labels: z
    .record(z.string(), z.object({ iou: z.number(), pictures: whole }))
    .readonly()
    .describe('By label: mean IoU of what two people painted, over the pictures in which one of them did.'),
  keypoints: z
    .record(z.string(), z.object({ distance: z.number(), pictures: whole }))
    .readonly()
    .describe('By keypoint: mean distance in pixels of the mask, over the pictures in which both marked it.'),
  pictures: z
    .array(
      z.object({
        task: whole,
        url: z.string().describe('Address of the task in Label Studio.'),
        counted: byUser,
        other: byUser,
        iou: z.record(z.string(), z.number()).readonly(),
        distances: z.record(z.string(), z.number()).readonly(),
      }),
    )
    .readonly()
    .describe("Each other user's last annotation of a picture, against the one that counts; the least agreement first."),
});
