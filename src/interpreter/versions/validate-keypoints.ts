import type { EngineContext } from '../../engine/task.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { foldScaled } from '../ensemble/classifier.ts';
import { stepsFor } from '../ensemble/schedule.ts';
import { heatRows } from '../keypoints/heat-rows.ts';
import { distance, FOUND_WITHIN, pixelCentre } from '../keypoints/keypoint-errors.ts';
import { trainKeypoints } from '../keypoints/train-keypoints.ts';
import { trainingPeaks } from '../keypoints/training-peaks.ts';
import { quantile } from '../learning/quantile.ts';
import { hiddenSizes } from '../recipe.ts';
import { freeMatrix } from '../sampling/training-matrix.ts';
import { type HeldOutPoint, type KeypointSlip, keypointSlips } from './keypoint-slips.ts';
import { type FeatureSource, type KeypointPlan, keypointDataOf } from './plan-keypoints.ts';
import type { PreparedTraining, TrainingInput } from './prepare-training.ts';
import { VALIDATION_MEMBERS } from './validate-masks.ts';

/** Leave-images-out figures of a version's keypoints, as plain JSON; by keypoint index, null where fewer than two pictures show it. */
export interface KeypointValidation<I = ImageIdentity> {
  /** Share of the marked points that were found within 5 % of the label map's longer side (PCK@5 %). */
  readonly pck: readonly (number | null)[];
  /** Median distance in pixels of the label map, to the warmest sampled pixel. */
  readonly medianError: readonly (number | null)[];
  /** PCK@5 % of all points that count above; null where there are none. */
  readonly meanPck: number | null;
  /** Points that the folds see elsewhere, the most striking first; validations of older releases have none. */
  readonly slips?: readonly KeypointSlip<I>[];
}

/**
 * How well keypoints are found in annotated pictures that were not learnt from, among the pixels sampled of them.
 * @param folds picture numbers of the plan, held out together
 */
export async function validateKeypoints<I>(
  { settings: options, seed, keypoints: names }: TrainingInput<I>,
  source: FeatureSource & Pick<PreparedTraining<I>, 'images'>,
  plan: KeypointPlan,
  folds: readonly (readonly number[])[],
  context: EngineContext,
  onFold: () => void,
  keyOf: (image: I) => string,
): Promise<KeypointValidation<I>> {
  const { trained, pictures, size } = plan;
  const data = await keypointDataOf(plan, source);
  const { matrix, starts } = data;
  const shape = {
    dims: matrix.dims,
    members: VALIDATION_MEMBERS,
    hidden: hiddenSizes(trained.length),
    classes: trained.length,
  };
  const within = FOUND_WITHIN * Math.max(size.width, size.height);
  const held: HeldOutPoint<I>[] = [];
  for (const [fold, heldOut] of folds.entries()) {
    const schedule = stepsFor(pictures.length - heldOut.length, options);
    const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row);
    const { state } = await trainKeypoints(context, data, {
      shape,
      settings: { ...schedule, members: VALIDATION_MEMBERS, maxSteps: schedule.steps },
      seed,
      fold: fold + 1,
      rows: rows.filter((row) => !heldOut.includes(matrix.images[row]!)),
    });
    const classifier = foldScaled(shape, state);
    for (const picture of heldOut) {
      const heat = await heatRows(context, classifier, matrix, starts[picture]!, starts[picture + 1]!);
      const peaks = trainingPeaks(data, picture, heat);
      const { image } = source.images[plan.images[picture]!]!;
      const { points } = pictures[picture]!;
      for (const [k, point] of points.entries()) {
        if (point === null) continue;
        const seen = pixelCentre(peaks[k]!.pixel, size.width);
        const there = points.findIndex((other, l) => l !== k && other !== null && distance(seen, other) <= within);
        const markedThere = there === -1 ? null : trained[there]!;
        held.push({ image, keypoint: trained[k]!, distance: distance(seen, point), markedThere });
      }
    }
    onFold();
  }
  freeMatrix(matrix);
  const errors = names.map((_, keypoint) => held.filter((point) => point.keypoint === keypoint).map((point) => point.distance));
  const counted = errors.map((own) => (own.length < 2 ? [] : own));
  const found = (own: readonly number[]) =>
    own.length === 0 ? null : own.filter((error) => error <= within).length / own.length;
  return {
    pck: counted.map(found),
    medianError: counted.map(median),
    meanPck: found(counted.flat()),
    slips: keypointSlips(held, within, keyOf),
  };
}

const median = (values: readonly number[]): number | null =>
  values.length === 0
    ? null
    : quantile(
        values.toSorted((a, b) => a - b),
        0.5,
      );
