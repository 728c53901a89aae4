import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import { emphasis, type FeatureBasis } from '../features/feature-basis.ts';
import type { LabelSize } from '../keypoints/heat-target.ts';
import { collectKeypointData, type KeypointData, type KeypointPicture, keypointPixelsOf } from '../keypoints/keypoint-data.ts';
import type { FeatureCache } from '../sampling/feature-cache.ts';
import type { FeatureSampler } from '../sampling/training-data.ts';
import { scaleColumns } from '../sampling/training-matrix.ts';

/** What a keypoint head is trained on. */
export interface KeypointPlan {
  /** Index of each keypoint that some picture has, ascending: the head's outputs. */
  readonly trained: readonly number[];
  /** The pictures that have points, as indices into the training's. */
  readonly images: readonly number[];
  /** Those pictures, with the points of the trained keypoints. */
  readonly pictures: readonly KeypointPicture[];
  readonly size: LabelSize;
  readonly pixelsPerImage: number;
  readonly seed: number;
}

/**
 * What can be trained of the keypoints; null where no picture has a point.
 * @param points of each picture of the training
 * @param keyOf names the sampled features of a picture with these points
 */
export function planKeypoints(
  points: readonly (MarkedKeypoints | null)[],
  keyOf: (index: number, points: MarkedKeypoints) => string,
  options: Pick<KeypointPlan, 'size' | 'pixelsPerImage' | 'seed'>,
): KeypointPlan | null {
  const marked = points.flatMap((own, index) => (own?.some((point) => point !== null) === true ? [{ own, index }] : []));
  if (marked.length === 0) return null;
  const trained = [...marked[0]!.own.keys()].filter((k) => marked.some(({ own }) => own[k] !== null));
  return {
    ...options,
    trained,
    images: marked.map(({ index }) => index),
    pictures: marked.map(({ own, index }) => ({ key: keyOf(index, own), points: trained.map((k) => own[k]!) })),
  };
}

/** Where a keypoint plan's features come from. */
export interface FeatureSource {
  readonly basis: FeatureBasis;
  readonly cache: FeatureCache;
  /** Features of a picture of the training. */
  readonly sample: FeatureSampler;
}

/**
 * A sampler for the mask head that makes a picture once for both heads: the features of its keypoint pixels go into the cache, where
 * keypointDataOf finds them.
 */
export function samplingBoth(plan: KeypointPlan | null, { basis, cache, sample }: FeatureSource): FeatureSampler {
  if (plan === null) return sample;
  const { directions } = basis;
  return async (index, pixels) => {
    const picture = plan.pictures[plan.images.indexOf(index)];
    if (picture === undefined) return sample(index, pixels);
    const { pixels: others } = keypointPixelsOf(picture, plan.size, plan.pixelsPerImage, plan.seed);
    const stored = await cache.order(picture.key, directions);
    if (stored !== undefined && stored.pixels.length >= others.length) return sample(index, pixels);
    const together = new Int32Array(pixels.length + others.length);
    together.set(pixels);
    together.set(others, pixels.length);
    const features = await sample(index, together);
    await cache.write(picture.key, { pixels: others, regions: 0 }, features.subarray(pixels.length * directions));
    return features.slice(0, pixels.length * directions);
  };
}

/** The pixels of a plan, on the generator's basis, each direction with its emphasis. Free its matrix when done. */
export async function keypointDataOf(plan: KeypointPlan, { basis, cache, sample }: FeatureSource): Promise<KeypointData> {
  const data = await collectKeypointData({
    ...plan,
    keypoints: plan.trained.length,
    dims: basis.directions,
    cache,
    sample: (picture, pixels) => sample(plan.images[picture]!, pixels),
  });
  scaleColumns(data.matrix, emphasis(basis, plan.pictures.length));
  return data;
}
