import { Tensor } from 'onnxruntime-node';
import type { Classifier } from '../ensemble/classifier.ts';
import { headFeeds } from '../ensemble/head-graph.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import { isLinearFirst } from './first-layer-sums.ts';

/** A classifier as the inputs of `inferenceGraph`: views of its arrays, nothing is copied. */
export function inferenceFeeds(layout: FeatureLayout, classifier: Classifier): Record<string, Tensor> {
  const first = classifier.shape.members * classifier.shape.hidden[0];
  const rows = (start: number, count: number) =>
    new Tensor('float32', classifier.w1.subarray(start * first, (start + count) * first), [count, first]);
  const feeds = headFeeds(classifier);
  for (const level of layout.levels)
    if (isLinearFirst(level, layout)) feeds[`w1.${level.resolution}`] = rows(level.offset, level.channels);
  // Levels ascend and only the largest resolutions are resampled first, so their weights are the last rows.
  const top = layout.levels.filter((level) => !isLinearFirst(level, layout));
  if (top.length > 0) feeds['w1.top'] = rows(top[0]!.offset, layout.dims - top[0]!.offset);
  return feeds;
}
