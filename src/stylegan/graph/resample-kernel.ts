import { badNetwork } from './tensor-reader.ts';

/**
 * Taps of a resampling filter, in any scale: of one that is the outer product of a list with itself, as all published networks have it, that list; of any
 * other its rows.
 */
export type ResampleFilter = readonly number[] | readonly (readonly number[])[];

/** The filter of doubling a side, its gain 2² making up for the zeros between the samples: row-major, Σ = 4. */
export interface ResampleKernel {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

const MOST_TAPS = 64;

/**
 * The filter in two dimensions. Where an axis has a single tap it gets a 0 before it, which is the same filter: with padding ⌊(n + 1) / 2⌋ in front,
 * a and [0, a] both move what they see by one sample.
 * @throws DatasetGanError `bad-generator` for a filter without taps, with more than 64 a side, with rows of different lengths, or whose sum is 0
 */
export function resampleKernel(filter: ResampleFilter): ResampleKernel {
  const rows = isList(filter) ? outerSquare(filter) : filter;
  const columns = rows[0]?.length ?? 0;
  if (rows.length === 0 || rows.length > MOST_TAPS || columns === 0 || columns > MOST_TAPS)
    throw badNetwork(`its resampling filter needs 1 to ${MOST_TAPS} taps per side`);
  if (rows.some((row) => row.length !== columns)) throw badNetwork('the rows of its resampling filter differ in length');
  // Of a list the square of its sum, so that the values do not depend on how the products were rounded.
  const sum = isList(filter) ? total(filter) ** 2 : total(rows.flat());
  if (!Number.isFinite(sum) || sum === 0) throw badNetwork('its resampling filter needs a sum other than 0');
  const wide = columns === 1 ? rows.map((row) => [0, ...row]) : rows;
  const whole = wide.length === 1 ? [wide[0]!.map(() => 0), ...wide] : wide;
  return { rows: whole.length, columns: whole[0]!.length, values: whole.flat().map((value) => (4 * value) / sum) };
}

function isList(filter: ResampleFilter): filter is readonly number[] {
  return typeof filter[0] === 'number';
}

function outerSquare(taps: readonly number[]): number[][] {
  return taps.length > MOST_TAPS ? [[...taps]] : taps.map((a) => taps.map((b) => a * b));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
