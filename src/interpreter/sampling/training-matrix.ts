import { freeMemory } from '../../engine/free-memory.ts';
import { featureBlocks } from '../network-shape.ts';

/** Training pixels as rows, in blocks of columns (featureBlocks), image after image. */
export interface TrainingMatrix {
  /** n, the number of pixels. */
  readonly rows: number;
  /** d, the numbers that are kept of a pixel. */
  readonly dims: number;
  /** Block b: [n, columns of b]. */
  readonly blocks: readonly Float32Array[];
  /** Class of each row, 0 … K - 1. */
  readonly labels: Uint8Array;
  /** Index of the image each row comes from. */
  readonly images: Uint16Array;
}

export function emptyMatrix(rows: number, dims: number): TrainingMatrix {
  return {
    rows,
    dims,
    blocks: featureBlocks(dims).map(({ start, end }) => new Float32Array(rows * (end - start))),
    labels: new Uint8Array(rows),
    images: new Uint16Array(rows),
  };
}

/** Gives its memory back; it must not be used any more. */
export function freeMatrix({ blocks }: TrainingMatrix): void {
  for (const block of blocks) freeMemory(block);
}

/** Copies feature vectors [rows, d] to rows `at` … of the matrix. */
export function fillRows(matrix: TrainingMatrix, at: number, features: Float32Array): void {
  const { dims } = matrix;
  const rows = features.length / dims;
  for (const [b, { start, end }] of featureBlocks(dims).entries()) {
    const block = matrix.blocks[b]!;
    const width = end - start;
    for (let row = 0; row < rows; row++) {
      block.set(features.subarray(row * dims + start, row * dims + end), (at + row) * width);
    }
  }
}

/** A copy of rows 0, n, 2n … of those given. */
export function everyNthRow(matrix: TrainingMatrix, rows: Int32Array, n: number): TrainingMatrix {
  const chosen = rows.filter((_, place) => place % n === 0);
  const out = emptyMatrix(chosen.length, matrix.dims);
  for (const [at, row] of chosen.entries()) {
    out.labels[at] = matrix.labels[row]!;
    out.images[at] = matrix.images[row]!;
    for (const [b, block] of matrix.blocks.entries()) {
      const width = block.length / matrix.rows;
      out.blocks[b]!.set(block.subarray(row * width, (row + 1) * width), at * width);
    }
  }
  return out;
}

/** Multiplies each column by its factor, in place. factors: [d] */
export function scaleColumns(matrix: TrainingMatrix, factors: Float64Array): void {
  for (const [b, { start, end }] of featureBlocks(matrix.dims).entries()) {
    const width = end - start;
    const block = matrix.blocks[b]!;
    for (let at = 0; at < block.length; at++) block[at]! *= factors[start + (at % width)]!;
  }
}
