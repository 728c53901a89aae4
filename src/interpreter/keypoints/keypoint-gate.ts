import { DatasetGanError } from '../../errors.ts';
import type { Classifier } from '../ensemble/classifier.ts';
import type { KeypointData } from './keypoint-data.ts';

/**
 * Whether a trained keypoint head may become part of a version: its weights are finite, and its heat is nearer to the truth than none at all,
 * Σ w·(heat - t)² < Σ w·t², w the pixels that each row stands for.
 * @param heat [rows, keypoints] of the training's own pixels
 * @throws DatasetGanError `training-refused`
 */
export function passKeypointGate(
  { w1, b1, w2, b2, w3, b3 }: Classifier,
  heat: Float32Array,
  { targets, represents }: Pick<KeypointData, 'targets' | 'represents'>,
): void {
  if (![w1, b1, w2, b2, w3, b3].every((values) => values.every(Number.isFinite)))
    throw new DatasetGanError('training-refused', 'The training of the keypoints diverged: a weight is not finite.', {
      fix: 'Annotate another picture. The previous version stays in use.',
    });
  const keypoints = targets.length / represents.length;
  let [error, nothing] = [0, 0];
  for (const [i, target] of targets.entries()) {
    const weight = represents[Math.floor(i / keypoints)]!;
    error += weight * (heat[i]! - target) ** 2;
    nothing += weight * target ** 2;
  }
  if (error >= nothing)
    throw new DatasetGanError(
      'training-refused',
      'The new version finds the keypoints of its own training pictures no better than by not looking.',
      {
        fix: 'Annotate more, or check for keypoints that contradict each other. The previous version stays in use.',
      },
    );
}
