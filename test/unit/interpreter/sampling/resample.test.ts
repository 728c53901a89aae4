import { expect, test } from 'vitest';
import { memberWeights } from '../../../../src/interpreter/sampling/resample.ts';
import { emptyMatrix } from '../../../../src/interpreter/sampling/training-matrix.ts';

const MEMBERS = 40;

/** Images of 50 rows of class 0; the last image also has 4 rows of class 1. */
function matrixOf(images: number) {
  const matrix = emptyMatrix(50 * images, 1);
  for (let row = 0; row < matrix.rows; row++) {
    matrix.images[row] = Math.floor(row / 50);
    matrix.labels[row] = row >= matrix.rows - 4 ? 1 : 0;
  }
  return { matrix, rows: Int32Array.from({ length: matrix.rows }, (_, row) => row) };
}

const sumBy = (weights: Float32Array, member: number, rows: Iterable<number>) =>
  [...rows].reduce((sum, row) => sum + weights[row * MEMBERS + member]!, 0);

test('every class has weight in every member, even one of four pixels in one image of twenty', () => {
  const { matrix, rows } = matrixOf(20);
  const weights = memberWeights(matrix, rows, MEMBERS, 1);
  for (let member = 0; member < MEMBERS; member++) {
    expect(sumBy(weights, member, rows.slice(-4))).toBeGreaterThan(0);
    expect(sumBy(weights, member, rows.slice(0, -4))).toBeGreaterThan(0);
  }
});

test('the weights are Poisson(1)', () => {
  const { matrix, rows } = matrixOf(20);
  const weights = memberWeights(matrix, rows, MEMBERS, 1);
  expect(weights.reduce((sum, w) => sum + w, 0) / weights.length).toBeCloseTo(1, 1);
  expect(weights.filter((w) => w === 0).length / weights.length).toBeCloseTo(Math.exp(-1), 1);
  expect(weights.filter((w) => w === 2).length / weights.length).toBeCloseTo(Math.exp(-1) / 2, 1);
});

test('rows outside get no weight', () => {
  const { matrix, rows } = matrixOf(6);
  const weights = memberWeights(matrix, rows.slice(50), MEMBERS, 1);
  for (let member = 0; member < MEMBERS; member++) expect(sumBy(weights, member, rows.slice(0, 50))).toBe(0);
});

test('the same seed gives the same weights, another fold others', () => {
  const { matrix, rows } = matrixOf(6);
  expect(memberWeights(matrix, rows, 3, 1)).toEqual(memberWeights(matrix, rows, 3, 1));
  expect(memberWeights(matrix, rows, 3, 1, 1)).not.toEqual(memberWeights(matrix, rows, 3, 1));
});
