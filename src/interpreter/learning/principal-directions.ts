import { orthonormalise } from './orthonormalise.ts';
import { Random } from './random.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Directions that are followed beside those wanted: the last ones converge by them. */
const SPARE = 32;
const ITERATIONS = 4;
/** A direction with less than this share of the greatest variance is rounding noise. */
const NOISE = 1e-7;

/** A centred data matrix X [n, D] that is only seen through products with a few directions. */
export interface Spread {
  /** D */
  readonly dims: number;
  /** directions, each [D], as rows [k, D] → the rows of Qᵀ·XᵀX/n [k, D], and Qᵀ·XᵀX/n·Q [k, k]. */
  readonly multiply: (directions: Float64Array, count: number) => Promise<{ rows: Float64Array; inner: Float64Array }>;
}

export interface PrincipalDirections {
  readonly count: number;
  /** [count, D], orthonormal rows; the entry of greatest magnitude is positive. */
  readonly rows: Float64Array;
  /** [count], descending. */
  readonly variance: Float64Array;
}

/**
 * The directions of greatest variance, at most `wanted`, fewer where the data has fewer: subspace iteration from seeded random directions
 * (Halko, Martinsson & Tropp 2011, algorithm 4.4), then the Rayleigh-Ritz step. O(n·D·(wanted + 32)) a turn, five turns.
 */
export async function principalDirections(
  { dims, multiply }: Spread,
  wanted: number,
  seed: number,
): Promise<PrincipalDirections> {
  const random = new Random(seed, 'basis');
  let count = Math.min(dims, wanted + SPARE);
  let rows: Float64Array = Float64Array.from({ length: count * dims }, () => random.normal());
  for (let i = 0; i <= ITERATIONS; i++) {
    count = orthonormalise(rows, count, dims);
    if (i < ITERATIONS) rows = (await multiply(rows.subarray(0, count * dims), count)).rows;
  }
  const { inner } = await multiply(rows.subarray(0, count * dims), count);
  const { values, vectors } = symmetricEigen(inner, count);
  const kept = values.filter((value, i) => i < wanted && value > NOISE * values[0]!).length;
  const out = new Float64Array(kept * dims);
  for (let i = 0; i < kept; i++) {
    const row = out.subarray(i * dims, (i + 1) * dims);
    for (let k = 0; k < count; k++) addTo(row, rows.subarray(k * dims, (k + 1) * dims), vectors[k * count + i]!);
    let peak = 0;
    for (const value of row) if (Math.abs(value) > Math.abs(peak)) peak = value;
    if (peak < 0) for (let d = 0; d < dims; d++) row[d] = -row[d]!;
  }
  return { count: kept, rows: out, variance: values.slice(0, kept) };
}

function addTo(target: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!;
}
