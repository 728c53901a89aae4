import type { EngineContext } from '../../engine/task.ts';
import { type Classifier, foldClassifier, foldScaled } from '../ensemble/classifier.ts';
import { narrowFirstLayer } from '../ensemble/narrow-first-layer.ts';
import { stepsFor } from '../ensemble/schedule.ts';
import { recentLoss } from '../ensemble/train-ensemble.ts';
import { emphasis } from '../features/feature-basis.ts';
import { heatRows } from '../keypoints/heat-rows.ts';
import { heatSigma } from '../keypoints/heat-target.ts';
import { foundShare } from '../keypoints/keypoint-errors.ts';
import { passKeypointGate } from '../keypoints/keypoint-gate.ts';
import { trainKeypoints } from '../keypoints/train-keypoints.ts';
import { trainingPeaks } from '../keypoints/training-peaks.ts';
import { visibleFrom } from '../keypoints/visibility.ts';
import { hiddenSizes } from '../recipe.ts';
import { freeMatrix } from '../sampling/training-matrix.ts';
import { type KeypointPlan, keypointDataOf } from './plan-keypoints.ts';
import type { PreparedTraining, TrainingInput } from './prepare-training.ts';
import type { TrainedKeypoints } from './version.ts';

export interface TrainedKeypointHead {
  readonly classifier: Classifier;
  readonly record: TrainedKeypoints;
}

/**
 * Trains the ensemble that gives the heat of each keypoint: as the mask head, on the pixels around the points, under L2. Interrupted, it begins anew:
 * it takes seconds.
 * @throws DatasetGanError `training-refused` (gate), `cancelled`
 */
export async function trainKeypointHead(
  context: EngineContext,
  { settings: options, seed, keypoints: names }: Pick<TrainingInput<unknown>, 'settings' | 'seed' | 'keypoints'>,
  prepared: PreparedTraining<unknown>,
  plan: KeypointPlan,
  onStep: (step: number, steps: number, loss: number | null) => void,
): Promise<TrainedKeypointHead> {
  const { basis, projection } = prepared;
  const { trained, pictures, size } = plan;
  const data = await keypointDataOf(plan, prepared);
  const shape = {
    dims: basis.directions,
    members: options.members,
    hidden: hiddenSizes(trained.length),
    classes: trained.length,
  };
  const schedule = stepsFor(pictures.length, options);
  onStep(0, schedule.steps, null);
  const { state, step, losses } = await trainKeypoints(context, data, {
    shape,
    settings: { ...schedule, maxSteps: schedule.steps },
    seed,
    fold: 0,
    rows: Int32Array.from({ length: data.matrix.rows }, (_, row) => row),
    onProgress: (reached) => onStep(reached.step, schedule.steps, recentLoss(reached)),
  });
  const asTrained = foldScaled(shape, state);
  const heat = await heatRows(context, asTrained, data.matrix);
  freeMatrix(data.matrix);
  passKeypointGate(asTrained, heat, data);
  const seen = pictures.map(({ points }, i) => {
    const [from, to] = [data.starts[i]! * trained.length, data.starts[i + 1]! * trained.length];
    return { points, peaks: trainingPeaks(data, i, heat.subarray(from, to)) };
  });
  const visible = visibleFrom(seen);
  const onBasis = foldClassifier({
    shape,
    state,
    inputs: { mean: new Float64Array(basis.directions), scale: emphasis(basis, pictures.length) },
    labelOf: trained,
    labels: names.length,
    prior: new Float64Array(shape.members * shape.classes),
  });
  const classifier = narrowFirstLayer(onBasis, basis, projection);
  const record: TrainedKeypoints = {
    names,
    annotatedKeypoints: trained,
    sigma: heatSigma(size),
    thresholds: names.map((_, k) => visible[trained.indexOf(k)] ?? 1),
    shape: classifier.shape,
    steps: step,
    loss: recentLoss({ losses }),
    trainingAccuracy: foundShare(seen, size),
  };
  return { classifier, record };
}
