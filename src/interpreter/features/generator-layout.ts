import { DatasetGanError } from '../../errors.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { type FeatureLayout, featureLayout } from './feature-layout.ts';

/**
 * Where the labels of a generator's pictures are, and what its feature vectors are made of.
 * @throws DatasetGanError `bad-generator` when the labelled rows do not begin at a whole label pixel
 */
export function layoutOf({ card }: Generator): FeatureLayout {
  const { width, height } = card.labelSize;
  const top = (card.rows.from * width) / card.resolution;
  if (!Number.isInteger(top))
    throw new DatasetGanError('bad-generator', `The labels of '${card.name}' would begin at row ${top}.`, {
      fix: 'Choose rows and a label size such that the picture begins at a whole row of labels.',
    });
  return featureLayout(card.taps, { side: width, left: 0, top, width, height });
}
