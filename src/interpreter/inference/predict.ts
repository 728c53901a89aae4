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
import { DEFAULT_SETTINGS, hiddenSizes, NARROW } from '../recipe.ts';
import { countLabels, UNLABELLED } from '../sampling/annotation.ts';
import { loadVersion } from '../versions/version.ts';
import { inferenceFeeds } from './classifier-feeds.ts';
import { isLinearFirst } from './first-layer-sums.ts';
import { columnsOf, type HeadPlans, inferenceGraph } from './inference-graph.ts';
import { seenKeypoints } from './predicted-keypoints.ts';
import { cheaperWay, seenThrough } from './seen-through.ts';
import { tileSide, tiling, untile } from './tiles.ts';
import { imageDivergence, imageUncertainty } from './uncertainty.ts';

/** Pixels of a tile, of which several steps' results are there at once. */
const TILE_PIXELS = 1024;

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
  const session = await context.session(key, predictionMemory(generator, heads), async () =>
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
 * Peak bytes of `predictTask`, about: the synthesis, what the taps become at their own resolutions, the finest taps beside each other, the tiles in work,
 * and the weights. heads: of the version; left out: both, as they are trained now with fewer than 32 labels.
 */
export function predictionMemory(generator: Generator, heads: HeadPlans = usualHeads(generator)): number {
  const layout = layoutOf(generator);
  const { side } = layout.geometry;
  const plans = [heads.masks, heads.keypoints].filter((head) => head !== undefined);
  const columns = plans.reduce((sum, head) => sum + columnsOf(head), 0);
  const units = plans.reduce((sum, { shape }) => sum + shape.members * shape.hidden[0], 0);
  const maps = layout.levels.reduce(
    (sum, level) => sum + (isLinearFirst(level, layout) ? level.resolution ** 2 * columns : side ** 2 * level.channels),
    0,
  );
  return synthesisMemory(generator.card) + 4 * (maps + 6 * TILE_PIXELS * units + 2 * layout.dims * columns);
}

function usualHeads(generator: Generator): HeadPlans {
  const layout = layoutOf(generator);
  const { members } = DEFAULT_SETTINGS;
  const shape = { dims: Math.min(layout.dims, NARROW.rank), members, hidden: hiddenSizes(0), classes: 0 };
  const head = { shape, directions: cheaperWay(layout, shape) };
  return { masks: head, keypoints: head };
}
