import { DatasetGanError } from '../../errors.ts';
import type { Classifier } from './classifier.ts';

/**
 * Whether a trained ensemble may become a version. It is compared with nothing: a "not better, keep the old" rule would block the very
 * annotation that adds a class.
 * @param predicted the ensemble's vote on its training pixels, before the class priors are put right
 * @returns the share of training pixels labelled as annotated
 * @throws DatasetGanError `training-refused` for a weight that is not finite, or an accuracy not above the share of the most frequent class
 */
export function passGate(classifier: Classifier, predicted: Uint8Array, annotated: Uint8Array): number {
  const { w1, b1, w2, b2, w3, b3 } = classifier;
  const finite = [w1, b1, w2, b2, w3, b3].every((values) => values.every(Number.isFinite));
  if (!finite)
    throw new DatasetGanError('training-refused', 'The training diverged: a weight is not finite.', {
      fix: 'Annotate another picture. The previous version stays in use.',
    });
  const counts = new Uint32Array(256);
  let right = 0;
  for (const [row, label] of annotated.entries()) {
    counts[label]!++;
    if (predicted[row] === label) right++;
  }
  const accuracy = right / annotated.length;
  const frequent = Math.max(...counts) / annotated.length;
  if (accuracy <= frequent)
    throw new DatasetGanError(
      'training-refused',
      `The new classifier labels ${percent(accuracy)} of its own training pixels as annotated; always answering the most frequent label would give ${percent(frequent)}.`,
      {
        fix: 'Annotate more, or check for annotations that contradict each other. The previous version stays in use.',
      },
    );
  return accuracy;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
