import type { PictureInView } from './picture-in-view.ts';

/** A pixel that somebody said something about. */
export interface Click {
  /** Index into the label map, row-major. */
  readonly pixel: number;
  /** Whether it belongs to the region. */
  readonly inside: boolean;
}

/** Distance of features within which a click speaks for other pixels; two pixels drawn at random are at a distance of 1. */
const REACH = 0.7;
/** Variance of what a click says, beside 1 for what pixels are: two clicks that contradict each other are both half believed. */
const DOUBT = 0.01;

/**
 * How far each pixel belongs to the region, 1 in and -1 out, after clicks: the mean of a Gaussian process over the features (kriging; Rasmussen and
 * Williams 2006, equation 2.25 with a mean function),
 *
 *     g(x) = prior(x) + Σ_i a_i·k(x, x_i),   (K + doubt·I)·a = y - prior,   k(x, x') = exp(-|x - x'| / reach)
 *
 * So a click speaks for what looks like it, further clicks correct it, and where none speaks the prior stands.
 *
 * @param prior of each pixel, -1 … 1
 * @returns g, one number a pixel
 */
export function clickField(view: PictureInView, prior: Float32Array, clicks: readonly Click[]): Float32Array {
  const field = prior.slice();
  const similar = clicks.map(({ pixel }) => similarity(view, pixel));
  const matrix = clicks.map((click, i) => similar.map((own, j) => own[click.pixel]! + (i === j ? DOUBT : 0)));
  const weights = solve(
    matrix,
    clicks.map(({ pixel, inside }) => (inside ? 1 : -1) - prior[pixel]!),
  );
  for (const [i, own] of similar.entries()) for (let x = 0; x < field.length; x++) field[x]! += weights[i]! * own[x]!;
  return field;
}

/** k(x, click) of every pixel x. */
function similarity({ features, directions }: PictureInView, click: number): Float32Array {
  const own = features.subarray(click * directions, (click + 1) * directions);
  const similar = new Float32Array(features.length / directions);
  for (let x = 0, at = 0; x < similar.length; x++) {
    let square = 0;
    for (let i = 0; i < directions; i++, at++) {
      const apart = features[at]! - own[i]!;
      square += apart * apart;
    }
    similar[x] = Math.exp(-Math.sqrt(square) / REACH);
  }
  return similar;
}

/** Solves A·x = b for a symmetric positive definite A by Cholesky, A = L·Lᵀ. */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const l = a.map(() => new Float64Array(a.length));
  const x = [...b];
  for (const [i, row] of a.entries()) {
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(sum) : sum / l[j]![j]!;
    }
    for (let j = 0; j < i; j++) x[i]! -= l[i]![j]! * x[j]!;
    x[i]! /= l[i]![i]!;
  }
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < a.length; j++) x[i]! -= l[j]![i]! * x[j]!;
    x[i]! /= l[i]![i]!;
  }
  return x;
}
