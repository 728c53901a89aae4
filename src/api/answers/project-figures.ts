import { z } from 'zod';
import { whole } from './fields.ts';

const histogram = z
  .object({ width: z.number().describe('Of each bin; the first begins at 0.'), counts: z.array(whole).readonly() })
  .describe('Number of pictures in each bin.');

export const projectFigures = z.object({
  version: z.string().nullable().describe('The current version; null before the first.'),
  pictures: whole.describe('Pictures of the project that it has predicted.'),
  uncertainty: histogram.describe('By Jensen-Shannon uncertainty of the picture, in nats.'),
  areas: z
    .array(
      z.object({
        label: z.string(),
        pictures: whole.describe('Pictures in which it sees the label.'),
        mean: z.number().nullable().describe('Mean share of the picture, where it sees the label; null where it never does.'),
        histogram: histogram.describe("By the label's share of the picture, where it sees the label."),
      }),
    )
    .readonly()
    .describe('By label. Predictions made by a release before areas were kept are left out.'),
});
