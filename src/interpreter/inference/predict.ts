import { type EngineContext, engineTask } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import type { PredictedKeypoint } from '../../keypoints/keypoint.ts';
import { encodeModel } from '../../onnx/encode.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { toPicture } from '../../stylegan/picture.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import type { Classifier } from '../ensemble/classifier.ts';
import { generatorSource, styleFeed } from '../features/generator-features.ts';
import { layoutOf } from '../features/generator-layout.ts';
import { DEFAULT_SETTINGS, hiddenSizes } from '../recipe.ts';
import { countLabels, UNLABELLED } from '../sampling/annotation.ts';
import { loadVersion } from '../versions/version.ts';
import { inferenceFeeds } from './classifier-feeds.ts';
import { isLinearFirst } from './first-layer-sums.ts';
import { type HeadPlans, inferenceGraph } from './inference-graph.ts';
import { seenKeypoints } from './predicted-keypoints.ts';
import { seenThrough } from './seen-through.ts';
import { tileSide, tiling, untile } from './tiles.ts';
import { imageDivergence, imageUncertainty } from './uncertainty.ts';

export interface PredictInput {
  readonly generator: Generator;
  readonly image: ImageIdentity;
  readonly versionFile: string;
  /** Also give the divergence of every pixel. */
  readonly wantJsMap?: boolean;
  /** Pixels whose divergence (nats) is greater are UNLABELLED in the label map; left out: none. Image uncertainty is of all pixels. */
  readonly ignoreAbove?: number;
}

export interface Prediction {
  /** Size of the label map. */
  readonly width: number;
  readonly height: number;
  /** The picture, which a generator labelled below its resolution makes greater than its label map. */
  readonly pictureWidth: number;
  readonly pictureHeight: number;
  /** Row-major, three bytes a pixel. */
  readonly rgb: Uint8Array;
  /** Indices into the version's labels; UNLABELLED where ignored. */
  readonly labelMap: Uint8Array;
  /** Pixels of each label, ignored ones left out. */
  readonly areas: number[];
  /** Image uncertainty in nats (imageUncertainty). */
  readonly js: number;
  /** Those that the picture shows, by index; empty where the version has none. */
  readonly keypoints: readonly PredictedKeypoint[];
  /** 0 … 1, low = label me first. */
  readonly score: number;
  readonly jsMap?: Float32Array;
}

/**
 * Image, labels, keypoints and uncertainty of one picture by one version, in one session run; the feature maps never leave it. A version with keypoints
 * alone labels all of it with the first label, the background.
 * @throws DatasetGanError `version-lost`; `unknown-version` when the version belongs to another generator
 */
export async function predict(input: PredictInput, context: EngineContext): Promise<Prediction> {
  const { generator, image } = input;
  const { record, masks, keypoints } = await loadVersion(input.versionFile);
  if (record.generator !== generator.card.id)
    throw new DatasetGanError('unknown-version', `Version ${record.id} was trained for another generator.`, {
      fix: 'Use a version of this project.',
    });
  const layout = layoutOf(generator);
  const tile = tileSide(context.threads);
  const planOf = (head: Classifier | undefined) =>
    head === undefined ? undefined : { shape: head.shape, directions: seenThrough(layout, head) };
  const heads: HeadPlans = { masks: planOf(masks), keypoints: planOf(keypoints) };
  const key = `predict ${generator.card.id} ${JSON.stringify(heads)}`;
  const { shape } = masks ?? keypoints!;
  const memory = predictionMemory(generator, record.labels.length, shape.members, masks !== undefined && keypoints !== undefined);
  const session = await context.session(key, memory, async () =>
    encodeModel(inferenceGraph(layout, heads, await generatorSource(generator), { tile })),
  );
  const outputs = await session.run({
    ws: await styleFeed(context, generator, image),
    ...inferenceFeeds(layout, { ...(masks && { masks }), ...(keypoints && { keypoints }) }),
  });
  const tiles = tiling(layout.geometry, tile);
  const { width, height } = layout.geometry;
  const labelMap = new Uint8Array(width * height);
  const jsMap = new Float32Array(width * height);
  if (masks !== undefined) {
    untile(outputs.labels!.data as Uint8Array, tiles, labelMap, width);
    untile(outputs.divergence!.data as Float32Array, tiles, jsMap, width);
  }
  const { heat, peaks, at } = outputs;
  const seen =
    record.keypoints === undefined
      ? undefined
      : seenKeypoints(
          { heat: heat!.data as Float32Array, peaks: peaks!.data as Float32Array, at: at!.data as BigInt64Array },
          tiles,
          layout.geometry,
          record.keypoints,
        );
  const { js, score } = imageUncertainty(
    masks === undefined
      ? undefined
      : { divergence: imageDivergence(jsMap), members: masks.shape.members, classes: record.annotatedLabels.length },
    seen?.certainty,
  );
  const { ignoreAbove } = input;
  if (ignoreAbove !== undefined) for (const [pixel, own] of jsMap.entries()) if (own > ignoreAbove) labelMap[pixel] = UNLABELLED;
  const picture = toPicture(outputs.image!.data as Float32Array, generator.card);
  return {
    width,
    height,
    pictureWidth: picture.width,
    pictureHeight: picture.height,
    rgb: context.transfer(picture.rgb),
    areas: [...countLabels(labelMap, record.labels.length)],
    labelMap: context.transfer(labelMap),
    js,
    keypoints: seen?.keypoints ?? [],
    score,
    ...(input.wantJsMap === true ? { jsMap: context.transfer(jsMap) } : {}),
  };
}
export const predictTask = engineTask(import.meta.url, predict);

/**
 * Peak bytes of `predictTask`, about: the synthesis, the first-layer sums at the taps' own resolutions, the tiles in work, and the weights.
 * labels: number of labels; only whether there are 32 or more matters. both: the version has keypoints beside its masks.
 */
export function predictionMemory(
  generator: Generator,
  labels = 31,
  members: number = DEFAULT_SETTINGS.members,
  both = false,
): number {
  const layout = layoutOf(generator);
  const first = members * hiddenSizes(labels)[0] * (both ? 2 : 1);
  const linear = layout.levels.filter((level) => isLinearFirst(level, layout));
  const sums = linear.reduce((sum, { resolution }) => sum + resolution ** 2 * first, 0);
  const tiles = 6 * 1024 * first;
  return synthesisMemory(generator.card) + 4 * (sums + tiles + 2 * layout.dims * first);
}
