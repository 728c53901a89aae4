import type { EngineContext } from '../../engine/task.ts';
import { type EnsembleTraining, type Progress, trainEnsemble } from '../ensemble/train-ensemble.ts';
import { memberWeights } from '../sampling/resample.ts';
import type { KeypointData } from './keypoint-data.ts';

/**
 * Trains an ensemble to give the heat of each keypoint, K numbers a pixel, under L2: the networks, the schedule and the bootstrap of the mask head with
 * squares in place of the cross-entropy. A row's weight for a member is Poisson(1) times the pixels that it stands for.
 */
export function trainKeypoints(
  context: EngineContext,
  { matrix, represents, targets }: KeypointData,
  training: Omit<EnsembleTraining, 'matrix' | 'weights' | 'targets'>,
): Promise<Progress> {
  const { members } = training.shape;
  const weights = memberWeights(matrix, training.rows, members, training.seed, training.fold);
  for (let i = 0; i < weights.length; i++) weights[i]! *= represents[Math.floor(i / members)]!;
  return trainEnsemble(context, { ...training, matrix, weights, targets });
}
