import { Tensor } from 'onnxruntime-node';
import type { Classifier } from '../ensemble/classifier.ts';
import { headFeeds } from '../ensemble/head-graph.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import type { Heads } from '../versions/version.ts';
import { isLinearFirst } from './first-layer-sums.ts';
import { KEYPOINT_PREFIX } from './inference-graph.ts';
import { seenThrough } from './seen-through.ts';

/** A version's ensembles as the inputs of `inferenceGraph` for the same `seenThrough`: views of their arrays; of two, the linear maps are laid side by side. */
export function inferenceFeeds(layout: FeatureLayout, { masks, keypoints }: Heads): Record<string, Tensor> {
  const heads = [
    ...(masks === undefined ? [] : [{ classifier: masks, prefix: '' }]),
    ...(keypoints === undefined ? [] : [{ classifier: keypoints, prefix: KEYPOINT_PREFIX }]),
  ];
  const feeds: Record<string, Tensor> = {};
  for (const { classifier, prefix } of heads) {
    Object.assign(feeds, headFeeds(classifier, prefix));
    const { shape, w1 } = classifier;
    const directions = seenThrough(layout, classifier);
    if (directions !== null) feeds[`${prefix}w1`] = new Tensor('float32', w1, [directions, shape.members * shape.hidden[0]]);
  }
  const taps = linearMap(
    layout,
    heads.map(({ classifier }) => classifier),
  );
  const columns = taps.length / layout.dims;
  const rows = (start: number, count: number) =>
    new Tensor('float32', taps.subarray(start * columns, (start + count) * columns), [count, columns]);
  for (const level of layout.levels)
    if (isLinearFirst(level, layout)) feeds[`taps.${level.resolution}`] = rows(level.offset, level.channels);
  // Levels ascend and only the greatest resolutions are resampled first, so their weights are the last rows.
  const top = layout.levels.filter((level) => !isLinearFirst(level, layout));
  if (top.length > 0) feeds['taps.top'] = rows(top[0]!.offset, layout.dims - top[0]!.offset);
  return feeds;
}

const joined = new WeakMap<Float32Array, Float32Array>();

/** What a pixel's taps are multiplied by, [D, columns of all heads]; of two heads made once for a version. */
function linearMap(layout: FeatureLayout, classifiers: readonly Classifier[]): Float32Array {
  const maps = classifiers.map((classifier) =>
    seenThrough(layout, classifier) === null ? featureWeights(classifier) : classifier.projection!,
  );
  const [first, second] = maps;
  if (second === undefined) return first!;
  const known = joined.get(second);
  if (known !== undefined) return known;
  const widths = [first!.length / layout.dims, second.length / layout.dims] as const;
  const out = new Float32Array(first!.length + second.length);
  for (let row = 0; row < layout.dims; row++) {
    const start = row * (widths[0] + widths[1]);
    out.set(first!.subarray(row * widths[0], (row + 1) * widths[0]), start);
    out.set(second.subarray(row * widths[1], (row + 1) * widths[1]), start + widths[0]);
  }
  joined.set(second, out);
  return out;
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
