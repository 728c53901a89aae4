import { featureBlocks, type NetworkShape, type TrainingState } from '../network-shape.ts';
import { BATCH_NORM } from '../recipe.ts';

/**
 * A trained ensemble as inference uses it, with nothing left but linear layers and two ReLUs per member:
 * relu(x·projection·w1 + b1) → relu(·w2 + b2) → ·w3 + b3, x the raw features.
 */
export interface Classifier {
  /** Sizes. `dims` is k where there is a projection, else D; K counts every label, trained or not. */
  readonly shape: NetworkShape;
  /** [D, k]; left out where w1 takes the features themselves, as in versions of older recipes. */
  readonly projection?: Float32Array;
  /** [k, E·H1] */
  readonly w1: Float32Array;
  /** [E·H1] */
  readonly b1: Float32Array;
  /** [E, H1, H2] */
  readonly w2: Float32Array;
  /** [E, H2] */
  readonly b2: Float32Array;
  /** [E, H2, K] */
  readonly w3: Float32Array;
  /** [E, K] */
  readonly b3: Float32Array;
}

/** Logit of a class nobody annotated: its softmax is exactly 0, and 0·(-1e30) is 0 where -∞ would give NaN. */
export const NEVER = Math.fround(-1e30);

/** [d] each. */
export interface InputScaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

export interface Folding {
  /** Sizes as trained; its K counts the annotated classes only. */
  readonly shape: NetworkShape;
  readonly state: TrainingState;
  /** What the training did to its inputs: x ← (x - mean)·scale. */
  readonly inputs: InputScaling;
  /** Label of each trained class, ascending. */
  readonly labelOf: readonly number[];
  /** Number of labels. */
  readonly labels: number;
  /** Added to the output bias, [E, trained classes]: ln(π_c/ρ_c). */
  readonly prior: Float64Array;
}

/**
 * Folds the inputs' scaling into the first layer, and each BatchNorm (which follows its ReLU) into the layer after it. In double precision:
 *
 *     w1 = scale·W1                     b1 = B1 - Σ_d mean_d·scale_d·W1_d
 *     w2 = s1·W2                        b2 = B2 + t1·W2        s = γ/√(running variance + ε), t = β - running mean·s
 *     w3 = s2·W3                        b3 = B3 + t2·W3 + prior
 */
export function foldClassifier({ shape, state, inputs, labelOf, labels, prior }: Folding): Classifier {
  const { dims, members, hidden } = shape;
  const [h1, h2] = hidden;
  const first = members * h1;
  const { mean, scale } = inputs;
  const w1 = new Float32Array(dims * first);
  const shift = new Float64Array(first);
  for (const [b, { start, end }] of featureBlocks(dims).entries()) {
    const block = state.get(`w1.${b}`)!;
    for (let d = start; d < end; d++) {
      for (let j = 0; j < first; j++) {
        const weight = block[(d - start) * first + j]! * scale[d]!;
        w1[d * first + j] = weight;
        shift[j]! += weight * mean[d]!;
      }
    }
  }
  const b1 = state.get('b1')!.map((bias, j) => bias - shift[j]!);

  const norm1 = affine(state, 1);
  const norm2 = affine(state, 2);
  const w2 = new Float32Array(members * h1 * h2);
  const b2 = new Float32Array(members * h2);
  const w3 = new Float32Array(members * h2 * labels);
  const b3 = new Float32Array(members * labels).fill(NEVER);
  for (let e = 0; e < members; e++) {
    for (let j = 0; j < h2; j++) {
      let bias = state.get('b2')![e * h2 + j]!;
      for (let i = 0; i < h1; i++) {
        const weight = state.get('w2')![(e * h1 + i) * h2 + j]!;
        w2[(e * h1 + i) * h2 + j] = weight * norm1.scale[e * h1 + i]!;
        bias += weight * norm1.shift[e * h1 + i]!;
      }
      b2[e * h2 + j] = bias;
    }
    for (const [c, label] of labelOf.entries()) {
      let bias = state.get('b3')![e * shape.classes + c]! + prior[e * shape.classes + c]!;
      for (let i = 0; i < h2; i++) {
        const weight = state.get('w3')![(e * h2 + i) * shape.classes + c]!;
        w3[(e * h2 + i) * labels + label] = weight * norm2.scale[e * h2 + i]!;
        bias += weight * norm2.shift[e * h2 + i]!;
      }
      b3[e * labels + label] = bias;
    }
  }
  return { shape: { ...shape, classes: labels }, w1, b1, w2, b2, w3, b3 };
}

/** BatchNorm with running statistics as y = scale·a + shift. */
function affine(state: TrainingState, layer: 1 | 2): { scale: Float64Array; shift: Float64Array } {
  const gamma = state.get(`gamma${layer}`)!;
  const scale = Float64Array.from(gamma, (g, j) => g / Math.sqrt(state.get(`variance${layer}`)![j]! + BATCH_NORM.epsilon));
  const shift = scale.map((s, j) => state.get(`beta${layer}`)![j]! - state.get(`mean${layer}`)![j]! * s);
  return { scale, shift };
}

/** The classifier for rows of the training matrix: inputs scaled already, answers in class numbers. */
export function foldScaled(
  shape: NetworkShape,
  state: TrainingState,
  prior: Float64Array = new Float64Array(shape.members * shape.classes),
): Classifier {
  const inputs = { mean: new Float64Array(shape.dims), scale: new Float64Array(shape.dims).fill(1) };
  const labelOf = Array.from({ length: shape.classes }, (_, c) => c);
  return foldClassifier({ shape, state, inputs, labelOf, labels: shape.classes, prior });
}
