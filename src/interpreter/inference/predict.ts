import { type EngineContext, engineTask } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import type { PredictedKeypoint } from '../../keypoints/keypoint.ts';
import { encodeModel } from '../../onnx/encode.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { toPicture } from '../../stylegan/picture.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { generatorSource, styleFeed } from '../features/generator-features.ts';
import { layoutOf } from '../features/generator-layout.ts';
import { DEFAULT_SETTINGS, hiddenSizes } from '../recipe.ts';
import { countLabels, UNLABELLED } from '../sampling/annotation.ts';
import { loadVersion } from '../versions/version.ts';
import { inferenceFeeds } from './classifier-feeds.ts';
import { isLinearFirst } from './first-layer-sums.ts';
import { inferenceGraph } from './inference-graph.ts';
import { seenThrough } from './seen-through.ts';
import { tileSide, tiling, untile } from './tiles.ts';
import { imageDivergence, predictionScore } from './uncertainty.ts';

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
  /** Image uncertainty in nats: mean of the most uncertain tenth of the pixels. */
  readonly js: number;
  /** Those that the picture shows, by index; empty where the version has none. */
  readonly keypoints: readonly PredictedKeypoint[];
  /** 0 … 1, low = label me first. */
  readonly score: number;
  readonly jsMap?: Float32Array;
}

/**
 * Image, labels and uncertainty of one picture by one version, in one session run; the feature maps never leave it.
 * @throws DatasetGanError `version-lost`; `unknown-version` when the version belongs to another generator
 */
export async function predict(input: PredictInput, context: EngineContext): Promise<Prediction> {
  const { generator, image } = input;
  const { record, classifier } = await loadVersion(input.versionFile);
  if (record.generator !== generator.card.id)
    throw new DatasetGanError('unknown-version', `Version ${record.id} was trained for another generator.`, {
      fix: 'Use a version of this project.',
    });
  const layout = layoutOf(generator);
  const { shape } = classifier;
  const tile = tileSide(context.threads);
  const directions = seenThrough(layout, classifier);
  const key = `predict ${generator.card.id} ${shape.members} ${shape.hidden} ${shape.classes} ${directions}`;
  const memory = predictionMemory(generator, shape.classes, shape.members);
  const session = await context.session(key, memory, async () =>
    encodeModel(inferenceGraph(layout, shape, await generatorSource(generator), { tile, directions })),
  );
  const outputs = await session.run({ ws: await styleFeed(context, generator, image), ...inferenceFeeds(layout, classifier) });
  const tiles = tiling(layout.geometry, tile);
  const { width, height } = layout.geometry;
  const labelMap = untile(outputs.labels!.data as Uint8Array, tiles, new Uint8Array(width * height), width);
  const jsMap = untile(outputs.divergence!.data as Float32Array, tiles, new Float32Array(width * height), width);
  const js = imageDivergence(jsMap);
  const { ignoreAbove } = input;
  if (ignoreAbove !== undefined) for (const [pixel, own] of jsMap.entries()) if (own > ignoreAbove) labelMap[pixel] = UNLABELLED;
  const picture = toPicture(outputs.image!.data as Float32Array, generator.card);
  return {
    width,
    height,
    pictureWidth: picture.width,
    pictureHeight: picture.height,
    rgb: context.transfer(picture.rgb),
    areas: [...countLabels(labelMap, shape.classes)],
    labelMap: context.transfer(labelMap),
    js,
    keypoints: [],
    score: predictionScore(js, shape.members, record.annotatedLabels.length),
    ...(input.wantJsMap === true ? { jsMap: context.transfer(jsMap) } : {}),
  };
}
export const predictTask = engineTask(import.meta.url, predict);

/**
 * Peak bytes of `predictTask`, about: the synthesis, the first-layer sums at the taps' own resolutions, the tiles in work, and the weights.
 * labels: number of labels; only whether there are 32 or more matters.
 */
export function predictionMemory(generator: Generator, labels = 31, members: number = DEFAULT_SETTINGS.members): number {
  const layout = layoutOf(generator);
  const first = members * hiddenSizes(labels)[0];
  const linear = layout.levels.filter((level) => isLinearFirst(level, layout));
  const sums = linear.reduce((sum, { resolution }) => sum + resolution ** 2 * first, 0);
  const tiles = 6 * 1024 * first;
  return synthesisMemory(generator.card) + 4 * (sums + tiles + 2 * layout.dims * first);
}
