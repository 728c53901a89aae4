import { Random } from '../../../../src/interpreter/learning/random.ts';
import { emptyMatrix, fillRows, type TrainingMatrix } from '../../../../src/interpreter/sampling/training-matrix.ts';

/** Pixels of `classes` classes around random centres, overlapping a little; images of equal size. Already of about unit variance. */
export function learnableMatrix(
  rows: number,
  dims: number,
  classes: number,
  images: number,
  seed: number,
  noise = 1,
): TrainingMatrix {
  const random = new Random(seed, 'weights', 1);
  const centres = Float64Array.from({ length: classes * dims }, () => random.normal());
  const matrix = emptyMatrix(rows, dims);
  const features = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row++) {
    const label = random.below(classes);
    matrix.labels[row] = label;
    matrix.images[row] = Math.floor((row * images) / rows);
    for (let d = 0; d < dims; d++) {
      features[row * dims + d] = (centres[label * dims + d]! + noise * random.normal()) / Math.sqrt(1 + noise ** 2);
    }
  }
  fillRows(matrix, 0, features);
  return matrix;
}
