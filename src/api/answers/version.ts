import { z } from 'zod';
import { texts, whole } from './fields.ts';

export const iouByLabel = z
  .record(z.string(), z.number().nullable())
  .readonly()
  .describe('IoU of each label; null if it is annotated in only one picture.');

export const keypointErrors = z
  .record(z.string(), z.object({ pck: z.number().nullable(), medianPx: z.number().nullable() }))
  .readonly()
  .describe(
    'By keypoint: share found within 5 % of the longer side, median error in pixels of the mask; null if only one picture shows it.',
  );

export const version = z.object({
  id: z.string(),
  createdAt: z.string(),
  current: z.boolean(),
  annotatedImages: whole,
  labels: texts,
  keypoints: texts.describe('Names of the keypoints; empty where no picture had one.'),
  finalLoss: z.number(),
  trainingAccuracy: z.number(),
  validation: z.enum(['pending', 'done', 'none']),
  mIoU: z
    .number()
    .nullable()
    .describe('Mean IoU over the labels of mIoUOver; null with fewer than two labels besides the background.'),
  mIoUOver: texts.describe('Labels that are annotated in at least two pictures.'),
  iou: iouByLabel,
  pck: z
    .number()
    .nullable()
    .exactOptional()
    .describe(
      'Share of the keypoints of held-out pictures that are found within 5 % of the longer side; left out without keypoints.',
    ),
  keypointErrors: keypointErrors.exactOptional(),
  notes: texts,
});

export const versionPage = z.object({
  total: whole.describe('Number of versions of the project.'),
  versions: z.array(version).readonly().describe('The last activated first, so the current one before all others.'),
});
