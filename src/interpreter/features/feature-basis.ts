import type { FloatTensor, TensorFile } from '../learning/tensor-file.ts';

/**
 * A generator's own coordinates for its feature vectors: most of a few thousand features say the same, and the few hundred directions in which
 * unlabelled pixels differ most carry nearly all that a classifier can use. Learnt once per generator, without labels (learn-basis.ts).
 * A feature vector x [D] becomes z [d]: z = ((x - mean)·scale)·directions.
 */
export interface FeatureBasis {
  /** sha256 of the numbers below, hex. Part of what names a version. */
  readonly sha256: string;
  /** D */
  readonly dims: number;
  /** d */
  readonly directions: number;
  /** [D] */
  readonly mean: Float32Array;
  /** [D]; 0 for a feature that carries rounding noise only. */
  readonly scale: Float32Array;
  /** [D, d]: orthonormal columns, the one of greatest variance first. */
  readonly vectors: Float32Array;
  /** [d]: variance of unlabelled pixels along each direction, descending, all greater than 0. */
  readonly variance: Float32Array;
}

/** The same as one product: z = x·matrix - centre. */
export interface Projection {
  /** [D, d] */
  readonly matrix: Float32Array;
  /** [d] */
  readonly centre: Float64Array;
}

export function projectionOf({ dims, directions, mean, scale, vectors }: FeatureBasis): Projection {
  const matrix = new Float32Array(dims * directions);
  const centre = new Float64Array(directions);
  for (let feature = 0; feature < dims; feature++) {
    for (let i = 0; i < directions; i++) {
      const at = feature * directions + i;
      matrix[at] = scale[feature]! * vectors[at]!;
      centre[i]! += mean[feature]! * matrix[at]!;
    }
  }
  return { matrix, centre };
}

/**
 * How much a training on `images` pictures makes of each direction: (variance / greatest variance)^(1/(2·images)), 1 for the first.
 *
 * One picture shows too little to tell which of the faint directions matter, and Adam moves along all of them alike. The more pictures there are, the
 * more they may say. mIoU on portraits-256 with 1, 2, 4 and 16 annotated, 4 members: as they are .577, .635, .692, .758; with the root of the
 * variance (images = 1 for all) .602, .641, -, -; with its 0.15th power .590, .642, .692, .754.
 */
export function emphasis({ variance }: Pick<FeatureBasis, 'variance'>, images: number): Float64Array {
  return Float64Array.from(variance, (value) => (value / variance[0]!) ** (1 / (2 * images)));
}

/** The numbers of a basis by the names and dims of its file. */
export function basisTensors({
  dims,
  directions,
  mean,
  scale,
  vectors,
  variance,
}: Omit<FeatureBasis, 'sha256'>): Map<string, FloatTensor> {
  return new Map([
    ['mean', { dims: [dims], data: mean }],
    ['scale', { dims: [dims], data: scale }],
    ['vectors', { dims: [dims, directions], data: vectors }],
    ['variance', { dims: [directions], data: variance }],
  ]);
}

/** The basis in a file of those tensors; undefined where it lacks one. */
export function basisOfTensors({ sha256, tensors }: Pick<TensorFile, 'sha256' | 'tensors'>): FeatureBasis | undefined {
  const [mean, scale, vectors, variance] = ['mean', 'scale', 'vectors', 'variance'].map((name) => tensors.get(name)?.data);
  if (!mean || !scale || !vectors || !variance) return undefined;
  return { sha256, dims: mean.length, directions: variance.length, mean, scale, vectors, variance };
}
