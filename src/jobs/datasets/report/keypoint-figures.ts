import type { TrainedKeypoints } from '../../../interpreter/versions/version.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import { PlaceCounts } from '../../../synthesis/place-counts.ts';
import { type BeforeAfter, beforeAfter } from './before-after.ts';

/** One keypoint over the pairs of a dataset. */
export interface KeypointFigure {
  readonly name: string;
  /** Of the pairs that show it: 0 … 1. */
  readonly score: BeforeAfter;
  /** How far the members disagree, in pixels of the label map. */
  readonly spread: BeforeAfter;
  /** Of the delivered pairs. */
  readonly places: PlaceCounts;
}

/** Spreads beyond so many sigma are counted in the last bin. */
const WIDEST = 4;

/** Goes through pairs and counts what is to be seen of each keypoint, in constant memory. */
export class KeypointFigures {
  /** By keypoint. */
  readonly figures: readonly KeypointFigure[];

  /** @param size of the label map */
  constructor(
    { names, sigma }: Pick<TrainedKeypoints, 'names' | 'sigma'>,
    size: { readonly width: number; readonly height: number },
  ) {
    this.figures = names.map((name) => ({
      name,
      score: beforeAfter(1),
      spread: beforeAfter(WIDEST * sigma),
      places: new PlaceCounts(size),
    }));
  }

  add(which: 'before' | 'after', { keypoints = [] }: Pick<PairRecord, 'keypoints'>): void {
    for (const { keypoint, score, spread, ...place } of keypoints) {
      const own = this.figures[keypoint]!;
      own.score[which].add(score);
      own.spread[which].add(spread);
      if (which === 'after') own.places.add(place);
    }
  }
}
