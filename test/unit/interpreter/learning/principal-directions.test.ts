import { expect, test } from 'vitest';
import { principalDirections } from '../../../../src/interpreter/learning/principal-directions.ts';
import { Random } from '../../../../src/interpreter/learning/random.ts';
import { symmetricEigen } from '../../../../src/interpreter/learning/symmetric-eigen.ts';

/** A covariance [dims, dims] of the given rank, whose directions are weighted 1, 1/2, 1/3 … */
function covariance(dims: number, rank: number): Float64Array {
  const random = new Random(9, 'weights');
  const out = new Float64Array(dims * dims);
  for (let r = 0; r < rank; r++) {
    const own = Float64Array.from({ length: dims }, () => random.normal() / (r + 1));
    for (let i = 0; i < dims; i++) for (let j = 0; j < dims; j++) out[i * dims + j]! += own[i]! * own[j]!;
  }
  return out;
}

function spreadOf(matrix: Float64Array, dims: number) {
  const multiply = (q: Float64Array, k: number) => {
    const rows = new Float64Array(k * dims);
    const inner = new Float64Array(k * k);
    for (let a = 0; a < k; a++)
      for (let i = 0; i < dims; i++)
        for (let j = 0; j < dims; j++) rows[a * dims + j]! += q[a * dims + i]! * matrix[i * dims + j]!;
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) for (let i = 0; i < dims; i++) inner[a * k + b]! += rows[a * dims + i]! * q[b * dims + i]!;
    return Promise.resolve({ rows, inner });
  };
  return { dims, multiply };
}

test('the leading directions and variances are those of the whole decomposition', async () => {
  const dims = 120;
  const matrix = covariance(dims, 100);
  const whole = symmetricEigen(matrix, dims);
  const found = await principalDirections(spreadOf(matrix, dims), 20, 0);
  expect(found.count).toBe(20);
  for (let i = 0; i < 20; i++) {
    expect(found.variance[i]! / whole.values[i]!).toBeCloseTo(1, 4);
    let overlap = 0;
    for (let d = 0; d < dims; d++) overlap += found.rows[i * dims + d]! * whole.vectors[d * dims + i]!;
    if (i < 10) expect(Math.abs(overlap)).toBeCloseTo(1, 3);
  }
});

test('no more directions than the data has, whatever is asked for; the same again under the same seed', async () => {
  const matrix = covariance(30, 3);
  const found = await principalDirections(spreadOf(matrix, 30), 256, 0);
  expect(found.count).toBe(3);
  expect(await principalDirections(spreadOf(matrix, 30), 256, 0)).toEqual(found);
  for (let i = 0; i < 3; i++) {
    const row = [...found.rows.subarray(i * 30, (i + 1) * 30)];
    expect(row.reduce((peak, value) => (Math.abs(value) > Math.abs(peak) ? value : peak))).toBeGreaterThan(0);
    expect(row.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 12);
  }
});

test('data that does not vary has no direction', async () => {
  expect((await principalDirections(spreadOf(new Float64Array(64), 8), 4, 0)).count).toBe(0);
});
