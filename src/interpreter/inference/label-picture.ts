import type { InferenceSession } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import type { PredictedKeypoint } from '../../keypoints/keypoint.ts';
import { encodeModel } from '../../onnx/encode.ts';
import type { Classifier } from '../ensemble/classifier.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import type { FeatureNetwork } from '../features/feature-network.ts';
import { DEFAULT_SETTINGS, hiddenSizes, NARROW } from '../recipe.ts';
import { countLabels, UNLABELLED } from '../sampling/annotation.ts';
import type { TrainingRecord, Version } from '../versions/version.ts';
import { inferenceFeeds } from './classifier-feeds.ts';
import { isLinearFirst } from './first-layer-sums.ts';
import { columnsOf, type HeadPlans, inferenceGraph } from './inference-graph.ts';
import { seenKeypoints } from './predicted-keypoints.ts';
import { cheaperWay, seenThrough } from './seen-through.ts';
import { shownPart } from './shown-part.ts';
import { TILE_SIDE, tiling, untile } from './tiles.ts';
import { imageDivergence, imageUncertainty } from './uncertainty.ts';

/** What a version sees in a picture. */
export interface LabelledPicture {
  /** Size of the label map. */
  readonly width: number;
  readonly height: number;
  /** Indices into the version's labels; UNLABELLED where ignored. */
  readonly labelMap: Uint8Array;
  /** Divergence of each pixel, in nats. */
  readonly jsMap: Float32Array;
  /** Pixels of each label, ignored ones left out. */
  readonly areas: number[];
  /** Image uncertainty in nats (imageUncertainty). */
  readonly js: number;
  /** Those that the picture shows, by index; empty where the version has none. */
  readonly keypoints: readonly PredictedKeypoint[];
  /** 0 … 1, low = label me first. */
  readonly score: number;
}

/**
 * Labels, keypoints and uncertainty of one picture by one version, on any network, in one session run; the feature maps never leave it. A version with
 * keypoints alone labels all of it with the first label, the background.
 * @param ignoreAbove pixels whose divergence (nats) is greater are UNLABELLED in the label map; image uncertainty is of all pixels
 * @returns the outputs of the run, too: the network's `image`, where it makes one
 */
export async function labelPicture<I>(
  context: EngineContext,
  network: FeatureNetwork<I>,
  image: I,
  { record, masks, keypoints }: Version<TrainingRecord<I>>,
  ignoreAbove?: number,
): Promise<LabelledPicture & { readonly outputs: InferenceSession.ReturnType }> {
  const { id, layout } = network;
  const heads = headPlans(layout, { masks, keypoints });
  const key = `predict ${id} ${JSON.stringify(heads)}`;
  const session = await context.session(key, inferenceMemory(network, heads), async () =>
    encodeModel(inferenceGraph(layout, heads, await network.source(), { tile: TILE_SIDE })),
  );
  const outputs = await session.run({
    ...(await network.feeds(context, image)),
    ...inferenceFeeds(layout, { ...(masks && { masks }), ...(keypoints && { keypoints }) }),
  });
  const tiles = tiling(layout.geometry, TILE_SIDE);
  const { width, height } = layout.geometry;
  const labelMap = new Uint8Array(width * height);
  const jsMap = new Float32Array(width * height);
  if (masks !== undefined) {
    untile(outputs.labels!.data as Uint8Array, tiles, labelMap, width);
    untile(outputs.divergence!.data as Float32Array, tiles, jsMap, width);
  }
  const shown = await network.extent(image);
  const { heat, peaks, at } = outputs;
  const seen =
    record.keypoints === undefined
      ? undefined
      : seenKeypoints(
          { heat: heat!.data as Float32Array, peaks: peaks!.data as Float32Array, at: at!.data as BigInt64Array },
          tiles,
          layout.geometry,
          shown,
          record.keypoints,
        );
  const { js, score } = imageUncertainty(
    masks === undefined
      ? undefined
      : {
          divergence: imageDivergence(shownPart(jsMap, width, shown)),
          members: masks.shape.members,
          classes: record.annotatedLabels.length,
        },
    seen?.certainty,
  );
  if (ignoreAbove !== undefined) for (const [pixel, own] of jsMap.entries()) if (own > ignoreAbove) labelMap[pixel] = UNLABELLED;
  const areas = [...countLabels(labelMap, record.labels.length)];
  return { width, height, labelMap, jsMap, areas, js, keypoints: seen?.keypoints ?? [], score, outputs };
}

/** How the ensembles of a version are put into a graph. */
export function headPlans(
  layout: FeatureLayout,
  { masks, keypoints }: { readonly masks?: Classifier | undefined; readonly keypoints?: Classifier | undefined },
): HeadPlans {
  const planOf = (head: Classifier | undefined) =>
    head === undefined ? undefined : { shape: head.shape, directions: seenThrough(layout, head) };
  return { masks: planOf(masks), keypoints: planOf(keypoints) };
}

/**
 * Peak bytes of `labelPicture`, about: the network, what the taps become at their own resolutions, the finest taps beside each other, the tiles in work,
 * and the weights. heads: of the version; left out: both, as they are trained now with fewer than 32 labels.
 */
export function inferenceMemory(
  { layout, memory }: Pick<FeatureNetwork<unknown>, 'layout' | 'memory'>,
  heads: HeadPlans = usualHeads(layout),
): number {
  const { side } = layout.geometry;
  const plans = [heads.masks, heads.keypoints].filter((head) => head !== undefined);
  const columns = plans.reduce((sum, head) => sum + columnsOf(head), 0);
  const units = plans.reduce((sum, { shape }) => sum + shape.members * shape.hidden[0], 0);
  const maps = layout.levels.reduce(
    (sum, level) => sum + (isLinearFirst(level, layout) ? level.resolution ** 2 * columns : side ** 2 * level.channels),
    0,
  );
  return memory + 4 * (maps + 6 * TILE_SIDE ** 2 * units + 2 * layout.dims * columns);
}

function usualHeads(layout: FeatureLayout): HeadPlans {
  const { members } = DEFAULT_SETTINGS;
  const shape = { dims: Math.min(layout.dims, NARROW.rank), members, hidden: hiddenSizes(0), classes: 0 };
  const head = { shape, directions: cheaperWay(layout, shape) };
  return { masks: head, keypoints: head };
}
