import { damaged, unsupported } from '../checkpoint/refusal.ts';
import type { ResampleFilter } from '../graph/resample-kernel.ts';
import type { FloatTensor } from '../tensor-map.ts';

/** More would not be a filter, and are not looked at one by one. */
const MOST_VALUES = 64 * 64;
const CLOSE = 1e-5;

/**
 * A stored resampling filter, which is normalised to Σ = 1: one of 8 taps or more may be stored as the list f, others in two dimensions, mostly as
 * outer(f, f), whose row sums are f. Times `gain` if the file stores it so.
 * @throws DatasetGanError `checkpoint-unsupported` for a filter that changes the brightness, `checkpoint-damaged` for one of other dimensions
 */
export function storedFilter({ dims, data }: FloatTensor, gain = 1): ResampleFilter {
  const [height = 0, width = height] = dims;
  if (dims.length < 1 || dims.length > 2 || data.length === 0 || data.length > MOST_VALUES)
    throw damaged('its resampling filter is not a small matrix');
  const values = Array.from(data, (value) => value / gain);
  const sum = values.reduce((total, value) => total + value, 0);
  if (!(Math.abs(sum - 1) < 1e-3))
    throw unsupported(
      `The network resamples with a filter whose sum is ${sum.toPrecision(3)}, not 1.`,
      'Use an unmodified StyleGAN2.',
    );
  if (dims.length === 1) return values;
  const rows = Array.from({ length: height }, (_, row) => values.slice(row * width, (row + 1) * width));
  const taps = rows.map((row) => row.reduce((total, value) => total + value, 0));
  const separable =
    height === width && rows.every((row, a) => row.every((value, b) => Math.abs(value - taps[a]! * taps[b]!) < CLOSE));
  return separable ? taps : rows;
}
