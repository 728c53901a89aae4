import { freeMemory } from '../../engine/free-memory.ts';
import { type AnnotatedMap, countLabels, UNLABELLED } from './annotation.ts';
import type { FeatureCache } from './feature-cache.ts';
import { orderPixels, type PixelOrder, pixelsWithin } from './pixel-sampling.ts';
import { emptyMatrix, fillRows, type TrainingMatrix } from './training-matrix.ts';

/** A picture to train on, slips already dropped. */
export interface TrainingPicture {
  /** Names its sampled features in the cache: 64 hex digits. */
  readonly key: string;
  /** A function where all maps at once would be too much: it is called once. */
  readonly map: AnnotatedMap | (() => Promise<AnnotatedMap>);
}

/** Gives the feature vectors [pixels, d] of picture `index`. */
export type FeatureSampler = (index: number, pixels: Int32Array) => Promise<Float32Array>;

export interface TrainingData {
  readonly matrix: TrainingMatrix;
  /** Annotated pixels that each row stands for: those of its class in its picture over those sampled. */
  readonly represents: Float32Array;
  /** Flat position y·width + x of each row in its picture. */
  readonly pixels: Int32Array;
  /** First row of each picture, and the number of rows at the end. */
  readonly starts: readonly number[];
}

/**
 * Samples every picture's pixels and features into one matrix; features once sampled come from the cache, so one new annotation costs one
 * synthesis. Labels in the matrix are class numbers: places in `labelOf`.
 */
export async function collectTrainingData(options: {
  readonly pictures: readonly TrainingPicture[];
  readonly dims: number;
  readonly labelOf: readonly number[];
  readonly pixelsPerImage: number;
  readonly seed: number;
  readonly cache: FeatureCache;
  readonly sample: FeatureSampler;
  readonly onPicture?: (done: number) => Promise<void> | void;
}): Promise<TrainingData> {
  const { pictures, dims, labelOf, pixelsPerImage, seed, cache, sample } = options;
  const classOf = new Map(labelOf.map((label, place) => [label, place]));
  const chosen: ChosenPixels[] = [];
  for (const { key, map: own } of pictures) {
    const map = typeof own === 'function' ? await own() : own;
    const labelled = map.data.reduce((count, label) => count + (label === UNLABELLED ? 0 : 1), 0);
    const stored = await cache.order(key, dims);
    const wanted = stored === undefined ? 0 : pixelsWithin(pixelsPerImage, stored.regions, labelled);
    const order =
      stored !== undefined && wanted <= stored.pixels.length
        ? { pixels: stored.pixels.subarray(0, wanted), regions: stored.regions }
        : orderPixels(map, pixelsPerImage, seed, streamOf(key));
    const classes = Uint8Array.from(order.pixels, (pixel) => classOf.get(map.data[pixel]!)!);
    chosen.push({ order, classes, represents: representedPixels(map, order.pixels) });
  }
  const starts = [0];
  for (const { order } of chosen) starts.push(starts.at(-1)! + order.pixels.length);
  const matrix = emptyMatrix(starts.at(-1)!, dims);
  const represents = new Float32Array(matrix.rows);
  const pixelOf = new Int32Array(matrix.rows);
  for (const [index, { order, ...own }] of chosen.entries()) {
    const { key } = pictures[index]!;
    const { pixels } = order;
    const stored = await cache.features(key, dims, pixels.length);
    const features = stored ?? (await sample(index, pixels));
    if (stored === undefined) await cache.write(key, order, features);
    const start = starts[index]!;
    fillRows(matrix, start, features);
    freeMemory(features);
    matrix.images.fill(index, start, start + pixels.length);
    matrix.labels.set(own.classes, start);
    represents.set(own.represents, start);
    pixelOf.set(pixels, start);
    await options.onPicture?.(index + 1);
  }
  await cache.trim();
  return { matrix, represents, pixels: pixelOf, starts };
}

/** What is learnt of one picture. */
interface ChosenPixels {
  readonly order: PixelOrder;
  /** Class number of each pixel. */
  readonly classes: Uint8Array;
  /** As in TrainingData. */
  readonly represents: Float32Array;
}

/** A picture's draws are named by its key, so that they do not depend on what is annotated beside it. */
function streamOf(key: string): [number, number] {
  return [Number.parseInt(key.slice(0, 8), 16), Number.parseInt(key.slice(8, 16), 16)];
}

/** Annotated pixels of a class over those sampled. */
function representedPixels(map: AnnotatedMap, pixels: Int32Array): Float32Array {
  const all = countLabels(map.data, UNLABELLED);
  const sampled = new Uint32Array(UNLABELLED);
  for (const pixel of pixels) sampled[map.data[pixel]!]!++;
  return Float32Array.from(pixels, (pixel) => all[map.data[pixel]!]! / sampled[map.data[pixel]!]!);
}
