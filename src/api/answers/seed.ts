import { z } from 'zod';
import { texts, whole } from './fields.ts';

const point = {
  name: z.string(),
  x: z.number().describe('Pixels; the centre of the top-left pixel is at 0.5, 0.5.'),
  y: z.number(),
};

export const seedPrediction = z.object({
  version: z.string(),
  labels: texts.describe('By their number in the index PNG.'),
  width: whole.describe('Of the mask, in pixels.'),
  height: whole,
  score: z.number().describe('0 ... 1; low is uncertain.'),
  keypoints: z
    .array(
      z.object({
        ...point,
        score: z.number().describe('0 ... 1; low is uncertain.'),
        spread: z.number().describe('How far the classifiers disagree about the place, in pixels.'),
      }),
    )
    .readonly()
    .describe('Those that the picture shows.'),
});

export const seedTruth = z.object({
  width: whole.describe('Of the picture, in pixels.'),
  height: whole,
  parts: texts.describe('Names of the parts, by their number in the index PNG.'),
  keypoints: z.array(z.object({ ...point, visible: z.boolean() })).readonly(),
});
