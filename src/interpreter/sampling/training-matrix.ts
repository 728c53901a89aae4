import { freeMemory } from '../../engine/free-memory.ts';
import type { FeatureLayout } from '../features/feature-layout.ts';
import { featureBlocks } from '../network-shape.ts';
import { DEAD_FEATURE } from '../recipe.ts';

/** Training pixels as rows, in blocks of columns (featureBlocks), image after image. */
export interface TrainingMatrix {
  /** n, the number of pixels. */
  readonly rows: number;
  /** D */
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

/** Copies feature vectors [rows, D] to rows `at` … of the matrix. */
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

/** A copy of rows 0, n, 2n … */
export function everyNthRow(matrix: TrainingMatrix, n: number): TrainingMatrix {
  const rows = Math.ceil(matrix.rows / n);
  const out = emptyMatrix(rows, matrix.dims);
  for (let row = 0; row < rows; row++) {
    out.labels[row] = matrix.labels[row * n]!;
    out.images[row] = matrix.images[row * n]!;
    for (const [b, block] of matrix.blocks.entries()) {
      const width = block.length / matrix.rows;
      out.blocks[b]!.set(block.subarray(row * n * width, (row * n + 1) * width), row * width);
    }
  }
  return out;
}

/** What standardisation did: x ← (x - mean)·scale; scale is 0 for a feature that carries nothing but rounding noise. */
export interface Standardisation {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/**
 * Centres every feature on the mean of the matrix's rows and scales it by 1/√(std·s), std its standard deviation (divisor n), s the mean of
 * all of them; in place. A feature whose standard deviation is below 1e-4 of its tap's mean one becomes 0 everywhere.
 *
 * That is half way between leaving the features as they are and giving them all variance 1. The finest taps vary twenty times less than the
 * middle ones: at full variance they distract where little is annotated, unscaled the small parts that only they show are learned too late.
 * mIoU on portraits-256 with 4 and 16 annotated: 0.660 and 0.749 by 1/std, 0.670 and 0.744 so, 0.665 and 0.732 unscaled (this at rate 1e-3).
 */
export function standardise(matrix: TrainingMatrix, layout: FeatureLayout): Standardisation {
  const { rows, dims } = matrix;
  const mean = new Float64Array(dims);
  const deviation = new Float64Array(dims);
  const blocks = featureBlocks(dims);
  for (const [b, { start, end }] of blocks.entries()) {
    const width = end - start;
    columnMoments(matrix.blocks[b]!, rows, mean.subarray(start, start + width), deviation.subarray(start, start + width));
  }
  const scale = featureScales(deviation, layout);
  for (const [b, { start, end }] of blocks.entries()) {
    const width = end - start;
    const block = matrix.blocks[b]!;
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      for (let c = 0; c < width; c++) block[at + c] = (block[at + c]! - mean[start + c]!) * scale[start + c]!;
    }
  }
  return { mean, scale };
}

/** Two passes in double precision: mean, then the root of the mean squared distance from it. */
function columnMoments(block: Float32Array, rows: number, mean: Float64Array, deviation: Float64Array): void {
  const width = mean.length;
  for (let row = 0; row < rows; row++) for (let c = 0; c < width; c++) mean[c]! += block[row * width + c]!;
  for (let c = 0; c < width; c++) mean[c]! /= rows;
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < width; c++) {
      const distance = block[row * width + c]! - mean[c]!;
      deviation[c]! += distance * distance;
    }
  }
  for (let c = 0; c < width; c++) deviation[c] = Math.sqrt(deviation[c]! / rows);
}

function featureScales(deviation: Float64Array, layout: FeatureLayout): Float64Array {
  const scale = new Float64Array(deviation.length);
  const overall = deviation.reduce((sum, value) => sum + value, 0) / deviation.length;
  for (const level of layout.levels) {
    let start = level.offset;
    for (const { channels } of level.taps) {
      const own = deviation.subarray(start, start + channels);
      const least = (DEAD_FEATURE * own.reduce((sum, value) => sum + value, 0)) / channels;
      for (let c = 0; c < channels; c++)
        scale[start + c] = own[c]! > 0 && own[c]! >= least ? 1 / Math.sqrt(own[c]! * overall) : 0;
      start += channels;
    }
  }
  return scale;
}
