import type { Classifier } from '../ensemble/classifier.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import type { NetworkShape } from '../network-shape.ts';
import { isLinearFirst } from './first-layer-sums.ts';
import { TILE_SIDE } from './tiles.ts';

/**
 * How many numbers the taps are turned into before they are upsampled and added up, each at its own resolution: k, the directions of the classifier's
 * projection, with the first layer after them once a pixel; or null, the first layer's E·H1 sums themselves, with the projection folded into it. Both give
 * the same logits but for rounding; the one with fewer multiplications is taken. Both ways, what the taps become is added up, so a part of them cannot be
 * cheaper the other way: once a pixel has its k numbers, every tap adds to them for less.
 */
export function seenThrough(
  layout: FeatureLayout,
  { shape, projection }: Pick<Classifier, 'shape' | 'projection'>,
): number | null {
  return projection === undefined ? null : cheaperWay(layout, shape);
}

/** What `seenThrough` says of a classifier that has a projection. */
export function cheaperWay(layout: FeatureLayout, shape: NetworkShape): number | null {
  const units = shape.members * shape.hidden[0];
  const { width, height } = layout.geometry;
  const projected = tapWork(layout) * shape.dims + width * height * shape.dims * units;
  return projected < tapWork(layout) * units ? shape.dims : null;
}

/** Multiplications for each column that the taps are turned into: the products at their resolutions, and upsampling with banded matrices. */
function tapWork(layout: FeatureLayout): number {
  const { side, width, height } = layout.geometry;
  const pixels = width * height;
  return layout.levels.reduce((sum, level) => {
    const { resolution, channels } = level;
    if (!isLinearFirst(level, layout)) return sum + pixels * channels;
    const lines = Math.min(resolution, (TILE_SIDE * resolution) / side + 2);
    return sum + resolution ** 2 * channels + pixels * (lines ** 2 / TILE_SIDE + lines);
  }, 0);
}
