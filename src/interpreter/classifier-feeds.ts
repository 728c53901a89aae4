import { Tensor } from 'onnxruntime-node';
import type { Classifier } from './classifier.ts';
import type { FeatureLayout } from './feature-layout.ts';
import { isLinearFirst } from './first-layer-sums.ts';

/** A classifier as the inputs of `headInputs`. */
export function headFeeds({ shape, b1, w2, b2, w3, b3 }: Classifier): Record<string, Tensor> {
  const { members, hidden, classes } = shape;
  const [h1, h2] = hidden;
  return {
    b1: new Tensor('float32', b1, [1, members * h1]),
    w2: new Tensor('float32', w2, [members, h1, h2]),
    b2: new Tensor('float32', b2, [members, 1, h2]),
    w3: new Tensor('float32', w3, [members, h2, classes]),
    b3: new Tensor('float32', b3, [members, 1, classes]),
  };
}

/** A classifier as the inputs of `inferenceGraph`: views of its arrays, nothing is copied. */
export function inferenceFeeds(layout: FeatureLayout, classifier: Classifier): Record<string, Tensor> {
  const first = classifier.shape.members * classifier.shape.hidden[0];
  const rows = (start: number, count: number) =>
    new Tensor('float32', classifier.w1.subarray(start * first, (start + count) * first), [count, first]);
  const feeds = headFeeds(classifier);
  for (const level of layout.levels)
    if (isLinearFirst(level, layout)) feeds[`w1.${level.resolution}`] = rows(level.offset, level.channels);
  // Levels ascend and only the greatest resolutions are resampled first, so their weights are the last rows.
  const top = layout.levels.filter((level) => !isLinearFirst(level, layout));
  if (top.length > 0) feeds['w1.top'] = rows(top[0]!.offset, layout.dims - top[0]!.offset);
  return feeds;
}
