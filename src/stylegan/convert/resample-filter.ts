import { unsupported } from '../checkpoint/refusal.ts';
import type { FloatTensor } from '../tensor-map.ts';

/**
 * The taps f of a stored resampling filter, normalised to Σ f = 1: a filter of 8 taps or more is stored as f, a shorter one as outer(f, f),
 * whose row sums are f. Times `gain` if the file stores it so.
 * @throws DatasetGanError `checkpoint-unsupported` for a filter that is no outer product of one with itself
 */
export function resampleTaps({ dims, data }: FloatTensor, gain = 1): number[] {
  if (dims.length === 1) return [...data];
  const [rows, columns] = dims;
  if (dims.length !== 2 || rows !== columns || rows === undefined) throw notSeparable();
  const taps = Array.from(
    { length: rows },
    (_, row) => data.subarray(row * rows, (row + 1) * rows).reduce((sum, value) => sum + value, 0) / gain,
  );
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < rows; column++)
      if (!(Math.abs(data[row * rows + column]! / gain - taps[row]! * taps[column]!) < 1e-5)) throw notSeparable();
  return taps;
}

function notSeparable() {
  return unsupported(
    'The network resamples with a filter that is not separable.',
    'Use a network with an ordinary filter such as [1, 3, 3, 1].',
  );
}
