import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import { encodeModel } from '../../onnx/encode.ts';
import type { Classifier } from '../ensemble/classifier.ts';
import { headFeeds } from '../ensemble/head-graph.ts';
import type { FeatureBasis } from '../features/feature-basis.ts';
import type { FeatureNetwork } from '../features/feature-network.ts';
import { loadVersion, type TrainingRecord, type Version } from '../versions/version.ts';
import { CLICK_DIRECTIONS, clickLens } from './click-lens.ts';
import { featureMapGraph, type Look } from './feature-map-graph.ts';
import { fillBetween } from './fill-between.ts';
import { probabilityGraph } from './probability-graph.ts';

/** What clicks on a picture are answered from. */
export interface PictureInView {
  /** Size of the label map. */
  readonly width: number;
  readonly height: number;
  /** Numbers of a pixel. */
  readonly directions: number;
  /** [pixels, directions], row-major: as clickLens shows them. */
  readonly features: Float32Array;
  /** What the version makes of each pixel; null without a version whose classifiers can be asked. */
  readonly opinion: Opinion | null;
}

export interface Opinion {
  /** Names of the version's labels. */
  readonly labels: readonly string[];
  /** [pixels, labels]: mean of the members' softmax; 0 for a label that was never annotated. */
  readonly probability: Float32Array;
}

/** Pictures whose features are kept for the next click, and the most bytes that they take; a greater picture is seen along fewer directions. */
const KEPT = 4;
const KEPT_BYTES = 256e6;
/** A version is asked at every second pixel of every second row, and the rest interpolated: to ask it is most of a first click's time. */
const ASKED_EVERY = 2;
/** Rows of one run. The hidden units of 1,024 stay in the cache: 4,096 take a third longer. */
const ROWS_PER_RUN = 1024;

const kept = new Map<string, PictureInView>();

/** Peak bytes of `pictureInView`, about: the network, and the features beside what is summed up to them. */
export function viewMemory({ layout, memory }: Pick<FeatureNetwork<unknown>, 'layout' | 'memory'>): number {
  const { width, height } = layout.geometry;
  return memory + 4 * 4 * width * height * 2 * CLICK_DIRECTIONS;
}

/** What clicks are looked at through. */
export interface ClickedNetwork<I> {
  readonly network: FeatureNetwork<I>;
  readonly basis: FeatureBasis;
}

/**
 * A picture as clicks need it, for use in a worker thread: kept from the click before, or made by one pass through the network.
 * @param versionFile of the version whose opinion is asked; null: none
 * @throws DatasetGanError loadVersion's
 */
export async function pictureInView<I>(
  context: EngineContext,
  on: ClickedNetwork<I>,
  image: I,
  versionFile: string | null,
): Promise<PictureInView> {
  const version = versionFile === null ? null : await loadVersion<TrainingRecord<I>>(versionFile);
  const { network } = on;
  const key = `${network.id} ${network.keyOf(image)} ${version?.record.id ?? ''}`;
  const view = kept.get(key) ?? (await look(context, on, image, version));
  kept.delete(key);
  kept.set(key, view);
  let bytes = 0;
  for (const [i, [old, { features, opinion }]] of [...kept].reverse().entries()) {
    bytes += features.byteLength + (opinion?.probability.byteLength ?? 0);
    if (i > 0 && (i >= KEPT || bytes > KEPT_BYTES)) kept.delete(old);
  }
  return view;
}

async function look<I>(
  context: EngineContext,
  { network, basis }: ClickedNetwork<I>,
  image: I,
  version: Version<TrainingRecord<I>> | null,
): Promise<PictureInView> {
  const { width, height } = network.layout.geometry;
  const affordable = Math.floor(KEPT_BYTES / (4 * width * height));
  const directions = Math.max(1, Math.min(CLICK_DIRECTIONS, basis.directions, affordable));
  const lens = { matrix: clickLens(basis, directions), directions, every: 1 };
  // A version of a recipe before 5 looks at all features: too many to be kept for a whole picture.
  const own = version?.masks?.projection === undefined ? undefined : { ...version.masks, projection: version.masks.projection };
  const lenses = own === undefined ? [lens] : [lens, { matrix: own.projection, directions: own.shape.dims, every: ASKED_EVERY }];
  const [features, seen] = await featureMaps(context, network, image, lenses);
  if (version === null || own === undefined) return { width, height, directions, features: features!, opinion: null };
  const asked = await probabilities(context, own, seen!);
  const probability = fillBetween(asked, width, height, ASKED_EVERY);
  return { width, height, directions, features: features!, opinion: { labels: version.record.labels, probability } };
}

interface Lens extends Look {
  /** [D, directions] */
  readonly matrix: Float32Array;
}

/** The picture through each of the lenses, [pixels, directions]: one pass for all. */
async function featureMaps<I>(
  context: EngineContext,
  network: FeatureNetwork<I>,
  image: I,
  lenses: readonly Lens[],
): Promise<Float32Array[]> {
  const { id, layout } = network;
  const looks = lenses.map(({ directions, every }) => ({ directions, every }));
  const session = await context.session(`feature map ${id} ${JSON.stringify(looks)}`, viewMemory(network), async () =>
    encodeModel(featureMapGraph(layout, await network.source(), looks)),
  );
  const { columns, values } = besideEachOther(lenses, layout.dims);
  const feeds = await network.feeds(context, image);
  for (const { resolution, offset, channels } of layout.levels) {
    const rows = values.subarray(offset * columns, (offset + channels) * columns);
    feeds[`taps.${resolution}`] = new Tensor('float32', rows, [channels, columns]);
  }
  const outputs = await session.run(feeds);
  return lenses.map((_, i) => outputs[`features.${i}`]!.data as Float32Array);
}

/** Matrices of `rows` rows beside each other in one. */
function besideEachOther(lenses: readonly Lens[], rows: number): { columns: number; values: Float32Array } {
  const columns = lenses.reduce((sum, { directions }) => sum + directions, 0);
  const values = new Float32Array(rows * columns);
  let left = 0;
  for (const { matrix, directions } of lenses) {
    for (let row = 0; row < rows; row++)
      values.set(matrix.subarray(row * directions, (row + 1) * directions), row * columns + left);
    left += directions;
  }
  return { columns, values };
}

/** Mean softmax [pixels, K] of pixels [pixels, k] that went through the classifier's projection. */
async function probabilities(context: EngineContext, classifier: Classifier, seen: Float32Array): Promise<Float32Array> {
  const { shape, w1 } = classifier;
  const { dims, classes } = shape;
  const session = await context.session(`probability ${JSON.stringify(shape)}`, 0, () => encodeModel(probabilityGraph(shape)));
  const weights = { ...headFeeds(classifier), w1: new Tensor('float32', w1, [dims, w1.length / dims]) };
  const pixels = seen.length / dims;
  const out = new Float32Array(pixels * classes);
  for (let from = 0; from < pixels; from += ROWS_PER_RUN) {
    const rows = Math.min(ROWS_PER_RUN, pixels - from);
    const x = new Tensor('float32', seen.subarray(from * dims, (from + rows) * dims), [rows, dims]);
    out.set((await session.run({ ...weights, x })).probability!.data as Float32Array, from * classes);
    await context.checkpoint();
  }
  return out;
}
