import { Tensor } from 'onnxruntime-node';
import type { Classifier } from '../ensemble/classifier.ts';
import { headFeeds } from '../ensemble/head-graph.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import { isLinearFirst } from './first-layer-sums.ts';
import { seenThrough } from './seen-through.ts';

/** A classifier as the inputs of `inferenceGraph` for the same `seenThrough`: views of its arrays, nothing is copied. */
export function inferenceFeeds(layout: FeatureLayout, classifier: Classifier): Record<string, Tensor> {
  const { shape, projection, w1 } = classifier;
  const units = shape.members * shape.hidden[0];
  const directions = seenThrough(layout, classifier);
  const feeds = headFeeds(classifier);
  if (directions !== null) feeds.w1 = new Tensor('float32', w1, [directions, units]);
  const [taps, columns] = directions === null ? [featureWeights(classifier), units] : [projection!, directions];
  const rows = (start: number, count: number) =>
    new Tensor('float32', taps.subarray(start * columns, (start + count) * columns), [count, columns]);
  for (const level of layout.levels)
    if (isLinearFirst(level, layout)) feeds[`taps.${level.resolution}`] = rows(level.offset, level.channels);
  // Levels ascend and only the greatest resolutions are resampled first, so their weights are the last rows.
  const top = layout.levels.filter((level) => !isLinearFirst(level, layout));
  if (top.length > 0) feeds['taps.top'] = rows(top[0]!.offset, layout.dims - top[0]!.offset);
  return feeds;
}

const folded = new WeakMap<Float32Array, Float32Array>();

/** The first layer over the features themselves: projection·w1 [D, E·H1], made once for a classifier. */
function featureWeights({ shape, projection, w1 }: Classifier): Float32Array {
  if (projection === undefined) return w1;
  const known = folded.get(w1);
  if (known !== undefined) return known;
  const units = w1.length / shape.dims;
  const rows = projection.length / shape.dims;
  const out = new Float32Array(rows * units);
  const sums = new Float64Array(units);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let i = 0; i < shape.dims; i++) {
      const factor = projection[row * shape.dims + i]!;
      for (let unit = 0; unit < units; unit++) sums[unit]! += factor * w1[i * units + unit]!;
    }
    out.set(sums, row * units);
  }
  folded.set(w1, out);
  return out;
}
