import { type Classifier, foldClassifier } from './classifier.ts';
import type { NetworkShape, TrainingState } from './network-shape.ts';

/** The classifier for rows of the training matrix: features standardised already, answers in class numbers. */
export function foldStandardised(
  shape: NetworkShape,
  state: TrainingState,
  prior: Float64Array = new Float64Array(shape.members * shape.classes),
): Classifier {
  const standardisation = { mean: new Float64Array(shape.dims), scale: new Float64Array(shape.dims).fill(1) };
  const labelOf = Array.from({ length: shape.classes }, (_, c) => c);
  return foldClassifier({ shape, state, standardisation, labelOf, labels: shape.classes, prior });
}
